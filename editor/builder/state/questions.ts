/**
 * What the page asks a person before it does something to the open journey: one question at a time, shown by
 * `commands/Questions.tsx`, whoever asked (the canvas, the outline, a key, the list of all commands).
 */
import type { Place } from '../document/places.ts'

export type Question =
  /** Which kind of step to put at a place. */
  | { readonly type: 'add'; readonly place: Place }
  /** What else starts the journey. */
  | { readonly type: 'start' }
  /** Which branch stays when a step with several goes; what becomes of the people inside it. */
  | { readonly type: 'remove'; readonly id: string }
  /** Whether steps go with people inside them. */
  | { readonly type: 'removeSeveral'; readonly ids: readonly string[] }
  /** Which kind a step becomes. */
  | { readonly type: 'replace'; readonly id: string }
  /** Which step a place leads to. */
  | { readonly type: 'leadTo'; readonly place: Place }
  /** Any command, by its name. */
  | { readonly type: 'commands' }
  /** Which keys there are. */
  | { readonly type: 'keys' }
