/** Triggers by time: what is done for one contact when a time has come, and which rounds through all contacts there are. */
import {
  dueTimeOf,
  nextLook,
  schedulesAfter,
  triggersOf,
  type Catalogue,
  type Condition,
  type Happens,
  type JourneyTime,
} from '../../engine/index.ts'
import { contactById } from '../store/contacts.ts'
import type { Tx } from '../store/database.ts'
import { dropDue, dueOfKey, type DueKey } from '../store/dues.ts'
import { addRound, allRounds, dropRound, roundOf, type Round, type RoundKey } from '../store/rounds.ts'
import { placeDue } from './dues.ts'
import { looked, record, recordIfItMatters, type Runtime } from './process.ts'

// ---- One contact -------------------------------------------------------------------------------------------------

/** Lets the contact in where its time has come, and notes the next. Does nothing where somebody else did. */
export async function fireDue(tx: Tx, runtime: Runtime, key: DueKey, now: number): Promise<void> {
  const row = await dueOfKey(tx, key)
  if (!row || row.due_at > now) return
  const time = timeOf(runtime.catalogue(), key)
  const contact = await contactById(tx, key.contact_id)
  // The journey does not ask for it any more, or the contact became part of another, which has rows of its own.
  if (!time || contact?.id !== key.contact_id) return dropDue(tx, key)
  const due = dueTimeOf(contact, time, runtime.zone, row.after_at)
  const hasCome = due !== undefined && due <= now
  const after = hasCome ? await record(tx, runtime, contact, dueAt(key, now)) : contact
  await placeDue(tx, runtime, after, time, now)
}

/** The time of a journey has come. */
function dueAt({ journey, delay }: Pick<DueKey, 'journey' | 'delay'>, now: number): Happens {
  return { kind: 'due', journey, delay, at: now, occurredAt: now, late: false }
}

function timeOf(
  { times }: Catalogue,
  { journey, delay }: Pick<DueKey, 'journey' | 'delay'>,
): JourneyTime | undefined {
  return times.find((time) => time.journey === journey && time.name === delay)
}

// ---- All contacts ------------------------------------------------------------------------------------------------

/** What a round does for one contact. */
export async function goRound(
  tx: Tx,
  runtime: Runtime,
  round: RoundKey,
  contactId: string,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  if (contact?.id !== contactId) return
  switch (round.kind) {
    case 'changed':
    case 'daily':
      return void (await looked(tx, runtime, contact, round.kind === 'changed', now))
    case 'schedule':
      return void (await recordIfItMatters(tx, runtime, contact, dueAt(round, now)))
    case 'dues': {
      const time = timeOf(runtime.catalogue(), round)
      if (time) await placeDue(tx, runtime, contact, time, now)
    }
  }
}

/** Whether there is still a reason for the round: its journey may have ended meanwhile. */
export function isWanted({ times, looksBack }: Catalogue, round: RoundKey): boolean {
  switch (round.kind) {
    case 'changed':
      return true
    case 'daily':
      return looksBack
    case 'schedule':
    case 'dues':
      return times.some(({ journey, name }) => journey === round.journey && name === round.delay)
  }
}

/** When the round begins again; null: not again. */
export function nextOf({ catalogue, zone }: Runtime, round: Round, now: number): number | null {
  switch (round.kind) {
    case 'changed':
    case 'dues':
      return null
    case 'daily':
      return nextLook(now, catalogue(), zone) ?? null
    case 'schedule':
      return (
        schedulesAfter(now, catalogue(), zone).find(
          ({ journey, delay }) => journey === round.journey && delay === round.delay,
        )?.due ?? null
      )
  }
}

/** Begins the rounds that the catalogue asks for since it changed, and drops those that it does not. */
export async function keepRounds(tx: Tx, runtime: Runtime, now: number): Promise<void> {
  const catalogue = runtime.catalogue()
  for (const round of await allRounds(tx.db)) if (!isWanted(catalogue, round)) await dropRound(tx, round)
  const look = nextLook(now, catalogue, runtime.zone)
  const asked: readonly (RoundKey & { readonly due: number })[] = [
    ...schedulesAfter(now, catalogue, runtime.zone).map((time) => ({ ...time, kind: 'schedule' as const })),
    ...catalogue.times.flatMap(({ journey, name, delay }) =>
      delay.type === 'at' ? [] : [{ kind: 'dues' as const, journey, delay: name, due: now }],
    ),
    ...(look === undefined ? [] : [{ ...roundOf('daily'), due: look }]),
  ]
  for (const { due, ...key } of asked) if (isWanted(catalogue, key)) await addRound(tx, key, due)
}

/** Who may be let in by a schedule at all: those in one of these segments; undefined: anybody. */
export function segmentsOfRound(
  { listeners, held }: Catalogue,
  round: RoundKey,
): readonly string[] | undefined {
  if (round.kind !== 'schedule') return undefined
  const machines = [listeners, held].flatMap((all) => all.get('time.due') ?? [])
  const triggers = machines
    .filter(({ id }) => id === round.journey)
    .flatMap(({ journey }) => triggersOf(journey.on['time.due'] ?? []))
    .filter(({ guard }) => guard.params?.at === round.delay)
  return united(triggers.map(({ guard }) => guard.params?.when && segmentsOf(guard.params.when)))
}

/** The segments in one of which a contact must be for the condition to hold; undefined where others may be meant. */
function segmentsOf(when: Condition): readonly string[] | undefined {
  if ('segment' in when) return [when.segment]
  if ('all' in when) return when.all.map(segmentsOf).find((names) => names)
  return 'any' in when ? united(when.any.map(segmentsOf)) : undefined
}

function united(several: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const known = several.flatMap((names) => (names ? [names] : []))
  return known.length === several.length ? [...new Set(known.flat())] : undefined
}
