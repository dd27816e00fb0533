/**
 * What publishing a draft would do, in numbers: who could enter now, where those inside would go, and which messages would
 * go out today and this week. Reckoned by the engine over the people there are; nothing is written. Where they are too many
 * to look at all of them the numbers are estimates, and say so.
 */
import type { Problem } from '../../../engine/index.ts'
import { nextVersion } from '../../store/journeys.ts'
import { readyDraft, type NotReady } from '../publication.ts'
import { insideOf, type InsideStep } from './inside.ts'
import { lookOut, type Chosen, type Look, type PreviewDeps, type Sample } from './look.ts'
import { matchingOf, type Matching } from './matching.ts'
import { alreadyComing, reckoned, type Amount, type MessageStep } from './messages.ts'

export interface Preview {
  /** The number that the version would get. */
  readonly version: number
  /** Of the draft that was looked at. */
  readonly revision: number
  readonly problems: readonly Problem[]
  /** Null while there are errors. */
  readonly numbers: Numbers | null
}

export interface Numbers {
  /** Null where everybody was looked at; else how many, and the numbers are estimates. */
  readonly sample: { readonly inside: Sample | null; readonly matching: Sample | null } | null
  readonly matching: Matching
  /** People in the journey by version and step. */
  readonly inside: readonly InsideStep[]
  /** By message step, those first that send most. */
  readonly messages: readonly MessageStep[]
  /** How many people get something. */
  readonly people: Amount
}

/** Looks ahead for a draft; changes nothing. */
export async function previewOf(
  deps: PreviewDeps,
  id: string,
  chosen: Chosen,
  now: number,
): Promise<Preview | NotReady> {
  const { read } = deps.database
  const ready = await readyDraft(read, deps.journeys, id)
  if (typeof ready === 'string') return ready
  const version = await nextVersion(read, id)
  const { problems } = ready
  const revision = ready.row.draft_revision
  if (!ready.ok) return { version, revision, problems, numbers: null }
  const look = await lookOut(deps, ready.journey, version, chosen, now)
  return { version, revision, problems, numbers: await numbersOf(look) }
}

async function numbersOf(look: Look): Promise<Numbers> {
  const inside = await insideOf(look)
  const matched = await matchingOf(look)
  const coming = [...(await alreadyComing(look)), ...inside.messages, ...matched.messages]
  return {
    sample: inside.sample || matched.sample ? { inside: inside.sample, matching: matched.sample } : null,
    matching: matched.matching,
    inside: inside.steps,
    ...(await reckoned(look, coming)),
  }
}
