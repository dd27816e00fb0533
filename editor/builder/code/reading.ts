/** What a text means for the open journey: its next draft, or why it is none yet; and all that is wrong with it. Pure. */
import { parseJourneyText, type Problem } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { draftOf, type Draft } from '../document/draft.ts'

export interface Reading {
  /** Null where the text is no journey that can be drawn, so that the last one stays. */
  readonly draft: Draft | null
  /** Why it is null, as a sentence. */
  readonly why: string | null
  readonly problems: readonly Problem[]
}

/** What keeps a text from being what was written: no JSON, too much of it, or names of which one would be lost. */
const UNREADABLE = ['json_syntax', 'too_large', 'too_deep', 'duplicate_key']

export function readJourney(text: string, id: string): Reading {
  const result = parseJourneyText(text)
  const problems = result.ok ? [] : result.problems
  const unreadable = problems.find(({ code }) => UNREADABLE.includes(code))
  if (unreadable) return { draft: null, why: unreadable.detail, problems }
  const draft = draftOf(JSON.parse(text))
  if (draft === null)
    return { draft: null, why: problems[0] ? placed(problems[0]) : words.saving.code.noJourney, problems }
  if (draft.id !== id) return { draft: null, why: words.saving.code.otherId(id), problems }
  return { draft, why: null, problems }
}

function placed({ path, detail }: Problem): string {
  return path === '' ? detail : `${path}: ${detail}`
}
