/** One person lived through the days to come, with the journeys as they would be: by the engine, and written down nowhere. */
import {
  againOf,
  factKey,
  messageTypeOf,
  simulate,
  zoneOf,
  type Asked,
  type Catalogue,
  type Contact,
  type Enrollment,
  type Fact,
  type FactValues,
  type FailureReason,
  type Happens,
  type Simulation,
} from '../../../engine/index.ts'
import { answersPerson, tooMuch, type Brakes, type Recent } from '../../messages/brakes.ts'

/** What the days to come are reckoned with. */
export interface Future {
  readonly catalogue: Catalogue
  readonly zone: string
  readonly brakes: Brakes
  readonly now: number
  /** The end of the journal: what is to come stands behind it. */
  readonly seq: number
}

/** A person as it is now. */
export interface Someone {
  readonly contact: Contact
  readonly passages: readonly Enrollment[]
  /** Messages that brakes still count; asked for only where one more would go out. */
  readonly recent: () => Promise<readonly Recent[]>
  /** What was before; asked as conditions ask for it, and kept. */
  readonly fact: (fact: Fact) => Promise<FactValues[Fact['type']]>
  readonly facts: { [key: string]: FactValues[Fact['type']] }
}

/** More rounds than conditions have facts to ask for in some days: each loads at least one. */
const MOST_ROUNDS = 100

/** Lives through the events and all that is due by `until`, as `simulate` does. */
export async function foreseen(
  future: Future,
  { contact, passages, recent: askRecent, fact, facts }: Someone,
  events: readonly Happens[],
  until: number,
): Promise<Simulation> {
  const { catalogue, zone, now, seq } = future
  let recent: readonly Recent[] | undefined
  let sends = false
  const refuses = (asked: Asked, so: Simulation) => {
    if (!isPersonal(asked)) return undefined
    sends = true
    return recent && cappedReason(future, recent, asked, so)
  }
  for (let round = 0; ; round++) {
    const from = { at: now, seq, passages, facts, refuses }
    const so = simulate({ journeys: catalogue, contact, events, until, zone, from })
    const isKnown = so.needs.length === 0 && (recent !== undefined || !sends)
    if (isKnown || round === MOST_ROUNDS) return so
    for (const needed of so.needs) facts[factKey(needed)] = await fact(needed)
    if (sends) recent ??= await askRecent()
  }
}

function isPersonal({ effect: { type } }: Asked): boolean {
  return type === 'sendEmail' || type === 'sendSms'
}

/** What the brakes on one person would say, as at the moment of sending. */
function cappedReason(
  { brakes, catalogue, zone }: Future,
  recent: readonly Recent[],
  { effect, cause, contact, journey }: Asked,
  so: Simulation,
): FailureReason | undefined {
  const { step } = effect
  const { at } = cause
  const passages = so.history.enrollments
  const answers = answersPerson(effect, { entry: cause, contact, passages, effects: [effect] })
  const promotional = messageTypeOf(journey, step) === 'promotional' && !answers
  const wanted = { journey: journey.id, step, again: againOf(journey, step), promotional }
  const since = [...recent, ...so.messages.flatMap((message) => sentBefore(message, passages, catalogue))]
  return tooMuch(brakes, wanted, since, at, zoneOf(contact, zone)) === undefined ? undefined : 'capped'
}

function sentBefore(
  { channel, message, journey, step, at, skipped }: Simulation['messages'][number],
  passages: readonly Enrollment[],
  { machines }: Catalogue,
): readonly Recent[] {
  if (skipped !== null || (channel !== 'email' && channel !== 'sms')) return []
  const version = passages.find(({ id }) => message.startsWith(`${id}/`))?.version
  const document = machines.get(`${version}@${journey}`)?.journey
  const promotional = document !== undefined && messageTypeOf(document, step) === 'promotional'
  return [{ journey, step, promotional, held: false, at }]
}
