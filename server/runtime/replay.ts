/**
 * History, lived through again: the events of a file in order, each contact's waits handled at their own times before
 * each of its events. Late by definition: it scores and sends nothing. What was applied once is skipped the next time.
 */
import type { Call } from '../ingest/segment.ts'
import { contactById } from '../store/contacts.ts'
import type { Database } from '../store/database.ts'
import { contactsParked, unparkAll } from '../store/enrollments.ts'
import { replayOf, saveReplay } from '../store/replays.ts'
import { repeatRounds } from '../store/rounds.ts'
import { accept, wakeParked, type Acceptance } from './accept.ts'
import type { Turns } from './turns.ts'

export interface ReplayInput {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Acceptance
  /** Names the file, whose events have ids by it, so that a second replay changes nothing. */
  readonly source: string
  readonly rows: AsyncIterable<{ readonly line: number; readonly call: Call }>
  /** When given, waits run on to this time, and what is due after it becomes an ordinary wait. */
  readonly until: number | null
  readonly progress: (line: number) => void
}

export interface Replayed {
  readonly accepted: number
  /** Applied by an earlier replay of the same file. */
  readonly known: number
  /** The replay's clock at its end: the time of the file's last event, or `until`. */
  readonly clock: number
}

/** Whose ids the events of files are: no client's. */
const KEY = 'replay'
/** Events that share a commit; where a kill would leave off, the next run goes on. */
const AT_ONCE = 64

/** Replays the rows and then the waits due by the clock's end. Waits that are still open stay parked. */
export async function replay(input: ReplayInput): Promise<Replayed> {
  const { database, turns, runtime, source, rows, until } = input
  const before = await replayOf(database.read, source)
  let [accepted, known, clock] = [0, 0, before?.clock ?? -Infinity]
  let waiting: { line: number; call: Call }[] = []

  const apply = async () => {
    const last = waiting.at(-1)
    if (!last) return
    clock = waiting.reduce((latest, { call }) => Math.max(latest, call.occurredAt), clock)
    const fresh = await Promise.all(
      waiting.map(({ call }) => turns.run((tx) => accept(tx, runtime, call, KEY, Date.now(), 'replay'))),
    )
    await turns.run((tx) => saveReplay(tx, source, { line: last.line, clock }))
    accepted += fresh.filter(Boolean).length
    known += fresh.filter((isNew) => !isNew).length
    waiting = []
    input.progress(last.line)
  }
  for await (const row of rows) {
    if (row.line <= (before?.line ?? 0)) known += 1
    else if (waiting.push(row) === AT_ONCE) await apply()
  }
  await apply()
  const end = until ?? clock
  await runOn(input, end)
  if (until !== null) await turns.run(unparkAll)
  // The server sees for all contacts anew when triggers by time let them in.
  await turns.run((tx) => repeatRounds(tx, 'dues', Date.now()))
  return { accepted, known, clock: end }
}

/** Handles all parked waits due by `end`, contact by contact. */
async function runOn({ database, turns, runtime }: ReplayInput, end: number): Promise<void> {
  let after = ''
  for (;;) {
    const contacts = await contactsParked(database.read, end, after, AT_ONCE)
    if (contacts.length === 0) return
    await Promise.all(
      contacts.map((id) =>
        turns.run(async (tx) => {
          const contact = await contactById(tx, id)
          if (contact) await wakeParked(tx, runtime, contact, end)
        }),
      ),
    )
    after = contacts.at(-1) ?? after
  }
}
