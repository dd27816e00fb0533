/**
 * The commonest ways to begin, as a new trigger each: complete where it can be, unfinished where only a person knows.
 * `other` is for all the rest: its event is still to be named.
 */
import type { Trigger } from '../../../engine/index.ts'
import type { Command } from './command.ts'
import type { Draft } from './draft.ts'
import { addTrigger } from './frameCommands.ts'
import { placeOfNext, type TriggerPlace } from './places.ts'

export const STARTERS = [
  'signUp',
  'form',
  'page',
  'click',
  'score',
  'list',
  'purchase',
  'byHand',
  'other',
] as const
export type Starter = (typeof STARTERS)[number]

interface NewTrigger {
  readonly event: string
  readonly when?: NonNullable<Trigger['guard']['params']>['when']
}

const NEW_TRIGGERS: { readonly [Each in Starter]: NewTrigger } = {
  signUp: { event: 'newsletter_subscribed' },
  form: { event: 'form_submitted' },
  page: { event: 'page_viewed', when: { event: 'path', operator: '=', value: '/pricing' } },
  click: { event: 'email.clicked' },
  score: { event: 'score.changed', when: { crossed: 80, direction: 'up' } },
  list: { event: 'list.joined', when: { event: 'list', operator: '=' } },
  purchase: { event: 'purchase' },
  byHand: { event: 'journey.requested' },
  other: { event: '' },
}

/** One more way in. */
export function addStarter(starter: Starter): Command {
  const { event, when } = NEW_TRIGGERS[starter]
  return addTrigger(event, when === undefined ? undefined : { when })
}

/** Where `addStarter` puts its trigger. */
export function placeOfNew(draft: Draft, starter: Starter): TriggerPlace {
  return placeOfNext(draft, NEW_TRIGGERS[starter].event)
}
