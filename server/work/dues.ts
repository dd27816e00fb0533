/**
 * What happens because time has passed: triggers by date, inactivity and schedule let people in, and segments are looked
 * at. As with waits the alarm is only a hint; what is due, and for whom it is done, the rows say.
 */
import type { Catalogue } from '../../engine/index.ts'
import type { Runtime } from '../runtime/process.ts'
import { fireDue, goRound, isWanted, keepRounds, nextOf, segmentsOfRound } from '../runtime/times.ts'
import type { Turns } from '../runtime/turns.ts'
import type { Database, Tx } from '../store/database.ts'
import { addDeadLetter } from '../store/deadLetters.ts'
import { dueTimes, nextDueTime, saveDue } from '../store/dues.ts'
import { dropRound, dueRounds, moveRound, nextOfRound, nextRoundAt, type Round } from '../store/rounds.ts'
import type { DuesTable } from '../store/schema.ts'
import { settled, willPass } from './worker.ts'

export interface TimesDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
  readonly now: () => number
}

export interface Times {
  /** When something is due next; undefined where nothing is. */
  readonly next: () => Promise<number | undefined>
  /** Does what is due by `now()`, until nothing is left or the server is `stopping`; answers for how many a time had come. */
  readonly run: (now: () => number, stopping?: () => boolean) => Promise<number>
}

/** As many contacts share one commit: others are served in between. */
const AT_ONCE = 64
/** A contact for whom something could not be done is looked at again after a day: for what falls due next. */
const AFTER_FAILURE = 24 * 3_600_000

export function openTimes(deps: TimesDeps): Times {
  const { database, turns, runtime } = deps
  let kept: Catalogue | undefined

  /** Looks which rounds there should be whenever the catalogue has changed. */
  const keep = async (now: number) => {
    if (runtime.catalogue() === kept) return
    kept = await turns.run(async (tx) => {
      await keepRounds(tx, runtime, now)
      return runtime.catalogue()
    })
  }
  return {
    next: async () => {
      await keep(deps.now())
      const times = await Promise.all([nextRoundAt(database.read), nextDueTime(database.read)])
      const first = Math.min(...times.map((time) => time ?? Infinity))
      return first === Infinity ? undefined : first
    },
    run: async (now, stopping = () => false) => {
      await keep(now())
      for (let done = 0; ; ) {
        const rounds = await dueRounds(database.read, now())
        const dues = await dueTimes(database.read, now(), AT_ONCE)
        if (rounds.length + dues.length === 0 || stopping()) return done
        await settled(dues.map((due) => fire(deps, due, now())))
        for (const round of rounds) done += await goOn(deps, round, now())
        done += dues.length
      }
    },
  }
}

async function fire({ turns, runtime }: TimesDeps, due: DuesTable, now: number): Promise<void> {
  const fired = turns.run((tx) => fireDue(tx, runtime, due, now), { contacts: [due.contact_id] })
  // One that throws must hold up nobody else: it is shown, and thrown on for the log. What was due by now only the problem
  // brings again, when a person says so: twice would let in twice.
  await fired.catch(async (error: unknown) => {
    if (willPass(error)) throw error
    await turns.run(async (tx) => {
      await saveDue(tx, { ...due, after_at: now, due_at: now + AFTER_FAILURE })
      await showFailure(tx, due.contact_id, due, true, now)
    })
    throw error
  })
}

/** Does a round for the next contacts, or ends it; answers for how many a time had come. */
async function goOn(deps: TimesDeps, round: Round, now: number): Promise<number> {
  const { database, turns, runtime } = deps
  if (!isWanted(runtime.catalogue(), round)) {
    await turns.run((tx) => dropRound(tx, round))
    return 0
  }
  const segments = segmentsOfRound(runtime.catalogue(), round)
  const contacts = await nextOfRound(database.read, round, segments, AT_ONCE)
  if (contacts.length === 0) {
    const next = nextOf(runtime, round, now)
    // While segments are looked at because one has changed, the catalogue says so.
    const about = round.kind === 'changed' ? { catalogue: true as const } : {}
    await turns.run((tx) => moveRound(tx, round, { due_at: next, done_to: '' }), about)
  } else
    await goFor(deps, round, contacts, now).catch((error: unknown) => {
      if (willPass(error)) throw error
      return goOneByOne(deps, round, contacts, now)
    })
  return round.kind === 'schedule' ? contacts.length : 0
}

/** Whoever gets the round further does it; nobody else does. */
async function goFor(
  { turns, runtime }: TimesDeps,
  round: Round,
  contacts: readonly string[],
  now: number,
): Promise<void> {
  await turns.run(
    async (tx) => {
      const done = { ...round, done_to: contacts.at(-1) ?? '' }
      if (!isWanted(runtime.catalogue(), round) || !(await moveRound(tx, round, done))) return
      for (const contact of contacts) await goRound(tx, runtime, round, contact, now)
    },
    { contacts },
  )
}

/** One that throws must hold up nobody else: it is left out, shown, and thrown on for the log. */
async function goOneByOne(
  deps: TimesDeps,
  round: Round,
  contacts: readonly string[],
  now: number,
): Promise<void> {
  const errors: unknown[] = []
  for (const [index, contact] of contacts.entries()) {
    const so = { ...round, done_to: contacts[index - 1] ?? round.done_to }
    await goFor(deps, so, [contact], now).catch(async (error: unknown) => {
      if (willPass(error)) throw error
      errors.push(error)
      await deps.turns.run(async (tx) => {
        if (await moveRound(tx, so, { ...so, done_to: contact }))
          await showFailure(tx, contact, round, round.kind === 'schedule', now)
      })
    })
  }
  if (errors.length > 0) throw errors[0]
}

/** Where the time of a journey had come, a person may have it tried again. */
async function showFailure(
  tx: Tx,
  contact: string,
  { journey, delay }: Pick<Round, 'journey' | 'delay'>,
  hasCome: boolean,
  now: number,
): Promise<void> {
  await addDeadLetter(
    tx,
    {
      severity: 'error',
      code: 'time_failed',
      path: '',
      detail: 'What is due because of the time could not be done for a person.',
      at: now,
      contact_id: contact,
      journey: journey === '' ? null : journey,
    },
    hasCome ? { kind: 'due', journey, delay, at: now, occurredAt: now, late: false } : null,
  )
}
