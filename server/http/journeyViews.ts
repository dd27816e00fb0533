/** Journeys as clients see them: what they are called, whether they run, what is wrong with them, who is where. */
import {
  changesOf,
  countChanges,
  formatInstant,
  parseJourney,
  sends,
  STAGES,
  type Journey,
  type Problem,
  type Stage,
} from '../../engine/index.ts'
import { isObject } from '../ingest/storable.ts'
import { textProblems } from '../runtime/drafts.ts'
import { countHeld } from '../store/heldEntries.ts'
import { journeyCounts, NOBODY, type JourneyCounts } from '../store/journeyCounts.ts'
import { journeyRow, versionOf } from '../store/journeys.ts'
import { kindsOfWork } from '../store/journeyWork.ts'
import type { JourneysTable } from '../store/schema.ts'
import { templateNames } from '../store/templates.ts'
import { cached } from './cached.ts'
import type { Deps } from './deps.ts'

/** What every journey's view needs, read once for all of them. */
interface Surroundings {
  readonly counts: ReadonlyMap<string, JourneyCounts>
  /** Names of templates and of events that were received: with others something else may be wrong. */
  readonly names: string
}

export type JourneyViews = ReturnType<typeof journeyViews>

export function journeyViews(deps: Deps) {
  const judged = rememberedJudgements(deps)
  const counted = cached(() => journeyCounts(deps.database.read))

  const look = async (): Promise<Surroundings> => {
    await deps.journeys.heard.look(deps.clock.now())
    const names = [await templateNames(deps.database.read), deps.journeys.heard.received() ?? null]
    return { counts: await counted(), names: JSON.stringify(names) }
  }
  const summary = async (row: JourneysTable, { counts, names }: Surroundings) => {
    const published = await publishedOf(deps, row)
    const draft: unknown = row.draft === null ? null : JSON.parse(row.draft)
    const shown = told(published ?? draft)
    return {
      id: row.id,
      name: shown.name ?? row.id,
      description: shown.description,
      stage: shown.stage,
      status: row.status,
      version: row.version,
      pausedBecause: row.paused_because,
      ...(await judged(row, draft, published, names)),
      counts: counts.get(row.id) ?? NOBODY,
    }
  }
  return {
    summaries: async (rows: readonly JourneysTable[]) => {
      const around = await look()
      return Promise.all(rows.map((row) => summary(row, around)))
    },
    /** All of one journey; undefined where there is none. */
    detailOf: async (id: string) => {
      const around = await look()
      const row = await journeyRow(deps.database.read, id)
      if (!row) return undefined
      const draft = row.draft === null ? null : (JSON.parse(row.draft) as Journey)
      return {
        row,
        view: {
          ...(await summary(row, around)),
          draft,
          revision: row.draft_revision,
          published: await publishedOf(deps, row),
          ...(await underWay(deps, row)),
        },
      }
    },
  }
}

/** What is still going on: with those inside, with what a pause holds, and until when a version can be taken back. */
async function underWay({ database: { read }, journeys, clock }: Deps, { id, version }: JourneysTable) {
  const quietUntil = version === null ? 0 : journeys.quietUntil(id, version)
  return {
    undoUntil: quietUntil > clock.now() ? formatInstant(quietUntil) : null,
    underWay: await kindsOfWork(read, id),
    held: await countHeld(read, id),
  }
}

async function publishedOf(
  { journeys, database }: Deps,
  { id, version }: JourneysTable,
): Promise<Journey | null> {
  if (version === null) return null
  return journeys.journey(id, version) ?? (await versionOf(database.read, id, version))?.journey ?? null
}

/** What a document says of itself; a draft may say anything. */
function told(document: unknown): { name: string | null; description: string | null; stage: Stage | null } {
  const meta = isObject(document) && isObject(document['meta']) ? document['meta'] : {}
  const { name, description, stage } = meta as {
    readonly [part in 'name' | 'description' | 'stage']?: unknown
  }
  return {
    name: typeof name === 'string' && name !== '' ? name : null,
    description: typeof description === 'string' ? description : null,
    stage: STAGES.find((known) => known === stage) ?? null,
  }
}

interface Judgement {
  /** The draft, or the version that is live. */
  readonly sends: boolean
  readonly problems: readonly Problem[]
  /** How much of the draft is not published yet; null where there is none, or nothing it could be compared with. */
  readonly unpublishedChanges: number | null
}

/** What is found out about each journey, anew only when it, another journey, or what is there to speak of changed. */
function rememberedJudgements({ journeys, database }: Deps) {
  const known = new Map<string, { readonly of: readonly unknown[]; readonly judgement: Judgement }>()
  return async (
    row: JourneysTable,
    draft: unknown,
    published: Journey | null,
    names: string,
  ): Promise<Judgement> => {
    const of = [row.draft, row.version, journeys.catalogue(), names]
    const before = known.get(row.id)
    if (before?.of.every((part, index) => part === of[index])) return before.judgement
    const parsed = parseJourney(draft)
    const inText = row.draft === null ? [] : textProblems(row.draft)
    const judgement = {
      sends: (parsed.ok && sends(parsed.value)) || (published !== null && sends(published)),
      problems: [...inText, ...(await journeys.problems(database.read, draft ?? published))],
      unpublishedChanges: unpublishedOf(draft, published),
    }
    known.set(row.id, { of, judgement })
    return judgement
  }
}

/** A draft may say anything: where it is no journey even in form nobody can say how much of it changed. */
function unpublishedOf(draft: unknown, published: Journey | null): number | null {
  const isComparable = isObject(draft) && isObject(draft['meta']) && isObject(draft['states'])
  return isComparable && published !== null
    ? countChanges(changesOf(published, draft as unknown as Journey))
    : null
}
