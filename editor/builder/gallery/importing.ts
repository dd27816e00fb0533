/** What a text is, before it is imported as a journey. Pure. */
import { parseJourneyText, type Problem } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { draftOf, type Draft } from '../document/draft.ts'

export type Import =
  | { readonly fits: false; readonly why: string }
  | {
      readonly fits: true
      readonly document: object
      /** Null where it cannot be drawn yet. */
      readonly draft: Draft | null
      /** What the file calls itself; empty where it does not. */
      readonly id: string
      readonly name: string
      readonly problems: readonly Problem[]
    }

/** Reads a text; one that is no JSON object is none, anything else can be imported with all that is wrong with it. */
export function readImport(text: string): Import {
  const result = parseJourneyText(text)
  const problems = result.ok ? [] : result.problems
  const unreadable = problems.find(({ code }) => ['json_syntax', 'too_large', 'too_deep'].includes(code))
  if (unreadable) return { fits: false, why: unreadable.detail }
  const document: unknown = JSON.parse(text)
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return { fits: false, why: words.gallery.import.noObject }
  const { id, meta } = document as { readonly id?: unknown; readonly meta?: unknown }
  const name = typeof meta === 'object' && meta !== null && 'name' in meta ? meta.name : undefined
  return {
    fits: true,
    document,
    draft: draftOf(document),
    id: typeof id === 'string' ? id : '',
    name: typeof name === 'string' ? name : '',
    problems,
  }
}
