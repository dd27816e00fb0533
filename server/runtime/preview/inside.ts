/** Who is inside, where each would go, and what they would get in the next days. */
import { machineOf, simulate, type Journey, type Simulation } from '../../../engine/index.ts'
import {
  countWaitingInside,
  insideByStep,
  peopleOf,
  timelessInside,
  waitingInside,
  type StepCount,
  type Waiting,
} from '../../store/foresight.ts'
import { foreseen, type Someone } from './foresight.ts'
import { someoneOf, takenAlong, WEEK, type Look, type Sample } from './look.ts'
import { comingOf, type Coming } from './messages.ts'

export interface InsideStep {
  readonly version: number
  readonly step: string
  /** What the author calls it. */
  readonly label: string | null
  readonly people: number
  readonly goes: 'stays' | 'moves' | 'leaves'
  readonly because: string | null
  /** When those who move go on, compared with now, where the draft waits otherwise; null where nothing changes. */
  readonly waits: Waits | null
}

export interface Waits {
  /** Their wait is over at once. */
  readonly atOnce: number
  readonly sooner: number
  readonly later: number
  readonly same: number
}

export interface Inside {
  readonly steps: readonly InsideStep[]
  readonly messages: readonly Coming[]
  /** Null where everybody was lived through. */
  readonly sample: Sample | null
}

/** So many people are lived through; of more, evenly chosen ones. */
const MOST_LIVED = 5_000
const PAGE = 250

export async function insideOf(look: Look): Promise<Inside> {
  const { read, journey, chosen, future } = look
  const groups = await insideByStep(read, journey.id)
  const waits = new Map<string, Waits>()
  if (chosen.inside === 'leave' || groups.length === 0)
    return { steps: groups.map((group) => stepOf(look, group, waits)), messages: [], sample: null }
  const until = chosen.inside === 'move' ? Number.MAX_SAFE_INTEGER : future.now + WEEK
  const count = await countWaitingInside(read, journey.id, until)
  const every = Math.max(1, Math.ceil(count / MOST_LIVED))
  const messages: Coming[] = []
  for await (const person of peopleInside(look, until, every)) {
    const one = someoneOf(look, person)
    const so = await foreseen(future, one, takenAlong(look, person), future.now + WEEK)
    messages.push(...comingOf(look, so, person.contact.id, every))
    if (chosen.inside === 'move') compareWaits(look, one, every, waits)
    await look.breathe()
  }
  return {
    steps: groups.map((group) => stepOf(look, group, waits)),
    messages,
    sample: every === 1 ? null : { looked: Math.ceil(count / every), of: count },
  }
}

/** People inside whom the next days concern, each once. */
async function* peopleInside({ read, journey, chosen }: Look, until: number, every: number) {
  const seen = new Set<string>()
  const fresh = (ids: readonly string[]) => {
    const unseen = [...new Set(ids)].filter((id) => !seen.has(id))
    for (const id of unseen) seen.add(id)
    return peopleOf(read, unseen)
  }
  let [place, after]: [number, Waiting | undefined] = [0, undefined]
  for (;;) {
    const page: readonly Waiting[] = await waitingInside(read, journey.id, until, after, PAGE)
    yield* await fresh(page.filter(() => place++ % every === 0).map(({ contactId }) => contactId))
    if (page.length < PAGE) break
    after = page.at(-1)
  }
  // Who waits for no time may have to in the draft.
  if (chosen.inside === 'move') yield* await fresh(await timelessInside(read, journey.id, PAGE))
}

function stepOf(
  look: Look,
  { version, step, count }: StepCount,
  waits: ReadonlyMap<string, Waits>,
): InsideStep {
  const { journey, future } = look
  const own = future.catalogue.machines.get(keyOf(version, journey.id))?.journey
  return {
    version,
    step,
    label: own?.states[step]?.meta?.label ?? null,
    people: count,
    ...whereTo(look, step),
    waits: waits.get(keyOf(version, step)) ?? null,
  }
}

function keyOf(version: number, name: string): string {
  return `${version}@${name}`
}

function whereTo(
  { chosen, future: { catalogue }, journey, version }: Look,
  step: string,
): Pick<InsideStep, 'goes' | 'because'> {
  if (chosen.inside === 'stay') return { goes: 'stays', because: null }
  if (chosen.inside === 'leave') return { goes: 'leaves', because: null }
  return machineOf(catalogue, journey.id, version).places.has(step)
    ? { goes: 'moves', because: null }
    : { goes: 'leaves', because: 'Nobody waits at this step in the new version' }
}

// ---- Waits that change -------------------------------------------------------------------------------------------

const NO_WAITS: Waits = { atOnce: 0, sooner: 0, later: 0, same: 0 }

/** Counts by how much the waits of a person change who moves along. */
function compareWaits(
  look: Look,
  { contact, passages }: Someone,
  weight: number,
  waits: Map<string, Waits>,
): void {
  const { future, journey, version } = look
  const changing = passages.filter(
    (passage) =>
      passage.journey === journey.id &&
      passage.due !== null &&
      delaysOf(look, passage.version, passage.step) !== delaysOf(look, version, passage.step),
  )
  if (changing.length === 0) return
  const from = { at: future.now, seq: future.seq, passages, facts: {}, refuses: () => undefined }
  // Nothing is due by then: only the move itself happens.
  const still = passages.map((passage) => ({ ...passage, due: null }))
  const moved = simulate({
    journeys: future.catalogue,
    contact,
    events: takenAlong(look, { passages }),
    until: -Infinity,
    zone: future.zone,
    from: { ...from, passages: still },
  })
  for (const before of changing) {
    const after = moved.history.enrollments.find(({ id }) => id === before.id)
    const key = keyOf(before.version, before.step)
    const how = after && howChanged(before.due ?? 0, after, future.now)
    const known = waits.get(key) ?? NO_WAITS
    if (how) waits.set(key, { ...known, [how]: known[how] + weight })
  }
}

function howChanged(
  before: number,
  { due, ended }: Simulation['history']['enrollments'][number],
  now: number,
): keyof Waits | undefined {
  if (ended || due === null) return undefined
  if (due === before) return 'same'
  if (due <= now) return 'atOnce'
  return due < before ? 'sooner' : 'later'
}

function delaysOf({ future, journey }: Look, version: number, step: string): string {
  const document: Journey | undefined = future.catalogue.machines.get(keyOf(version, journey.id))?.journey
  return JSON.stringify(Object.keys(document?.states[step]?.after ?? {}))
}
