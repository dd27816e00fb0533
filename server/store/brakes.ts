/** What the brakes on sending know: their settings, how fast each journey sends, what a person got lately, the emergency stop. */
import { BRAKES, isStillAnswer, type Brakes, type Counts, type Recent } from '../messages/brakes.ts'
import { change, statement, type Reading, type Tx } from './database.ts'
import { removeSetting, setSetting, setting } from './settings.ts'

export async function brakesOf(db: Tx['db']): Promise<Brakes> {
  return brakesIn(await setting(db, 'brakes'))
}

function brakesIn(stored: string | undefined): Brakes {
  return stored === undefined ? BRAKES : { ...BRAKES, ...(JSON.parse(stored) as Partial<Brakes>) }
}

export async function setBrakes(tx: Tx, brakes: Brakes): Promise<void> {
  await setSetting(tx, 'brakes', JSON.stringify(brakes))
}

// ---- The emergency stop ------------------------------------------------------------------------------------------

export interface Stop {
  readonly since: number
  /** Who asked for it, where that is known. */
  readonly by: string | null
}

/** The stop, while nothing at all is sent; undefined else. Asked in the very transaction that takes messages. */
export async function emergencyStop(db: Tx['db']): Promise<Stop | undefined> {
  const stored = await setting(db, 'sending_stopped')
  return stored === undefined ? undefined : (JSON.parse(stored) as Stop)
}

/** Stops all sending; a stop that is there already stays as it is. */
export async function stopSending(tx: Tx, stop: Stop): Promise<void> {
  if (!(await emergencyStop(tx.db))) await setSetting(tx, 'sending_stopped', JSON.stringify(stop))
}

export async function startSending(tx: Tx): Promise<void> {
  await removeSetting(tx, 'sending_stopped')
}

const gate = statement<object, { name: string; value: string }>((db) =>
  db.selectFrom('settings').select(['name', 'value']).where('name', 'in', ['brakes', 'sending_stopped']),
)

/** The settings of the brakes; undefined while all sending is stopped. */
export async function brakesUnlessStopped(tx: Tx): Promise<Brakes | undefined> {
  const values = new Map((await gate(tx, {})).map(({ name, value }) => [name, value]))
  return values.has('sending_stopped') ? undefined : brakesIn(values.get('brakes'))
}

// ---- The pace of a journey ---------------------------------------------------------------------------------------

const lock = statement<{ journey: string }, { counts: string }>((db, param) =>
  db
    .insertInto('brakes')
    .values({ journey: param('journey'), counts: '[]' })
    // A change that changes nothing locks the row, and the value is the one after everybody else's.
    .onConflict((conflict) =>
      conflict.column('journey').doUpdateSet((excluded) => ({ journey: excluded.ref('excluded.journey') })),
    )
    .returning('counts'),
)

const save = change<{ journey: string; counts: string }>((db, param) =>
  db
    .updateTable('brakes')
    .set({ counts: param('counts') })
    .where('journey', '=', param('journey')),
)

/** How many messages of the journey went out lately; nobody else reads or changes it until this transaction ends. */
export async function lockedCounts(tx: Tx, journey: string): Promise<Counts> {
  const [row] = await lock(tx, { journey })
  return JSON.parse(row?.counts ?? '[]') as Counts
}

/** The same for those who only look. */
export async function sentLately(db: Tx['db'], journey: string): Promise<Counts> {
  const row = await db.selectFrom('brakes').select('counts').where('journey', '=', journey).executeTakeFirst()
  return row ? (JSON.parse(row.counts) as Counts) : []
}

export async function saveCounts(tx: Tx, journey: string, counts: Counts): Promise<void> {
  await save(tx, { journey, counts: JSON.stringify(counts) })
}

// ---- What one person gets ----------------------------------------------------------------------------------------

interface RecentRow {
  journey: string
  step: string
  message_type: string
  answers: number
  status: string
  created_at: number
  counted_at: number
}

const recent = statement<{ contactId: string; since: number; but: string }, RecentRow>((db, param) =>
  db
    .selectFrom('messages')
    .select(['journey', 'step', 'message_type', 'answers', 'status', 'created_at', 'counted_at'])
    .where('contact_id', '=', param('contactId'))
    .where('counted_at', '>', param('since'))
    .where('id', '!=', param('but'))
    .$narrowType<{ counted_at: number }>(),
)

/** The messages to a person that count for the brakes, but for the one that is asked about. */
export async function recentMessages(
  tx: Reading,
  contactId: string,
  since: number,
  but: string,
): Promise<readonly Recent[]> {
  const rows = await recent(tx, { contactId, since, but })
  return rows.map(({ journey, step, message_type, answers, status, created_at, counted_at }) => ({
    journey,
    step,
    promotional: message_type === 'promotional' && !isStillAnswer(answers === 1, created_at, counted_at),
    held: status === 'held',
    at: counted_at,
  }))
}
