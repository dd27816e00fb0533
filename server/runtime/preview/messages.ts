/** The messages to come, by step: what goes out today and this week, what is held back, and how many people get something. */
import type { Channel, Simulation } from '../../../engine/index.ts'
import { tooFast, withOneMore } from '../../messages/brakes.ts'
import { unsentUntil } from '../../store/foresight.ts'
import { publishedAtOf } from '../../store/journeys.ts'
import { DAY, WEEK, type Look } from './look.ts'

export interface Amount {
  /** Within 24 hours. */
  readonly today: number
  /** Within 7 days, today included. */
  readonly week: number
}

export interface MessageStep extends Amount {
  readonly step: string
  /** What the author calls it. */
  readonly label: string | null
  readonly channel: Channel
  readonly heldBack: readonly HeldBack[]
}

export interface HeldBack extends Amount {
  readonly reason: string
  readonly because: string
}

/** Why a message does not go out, as people say it. */
const BECAUSE: { readonly [reason: string]: string } = {
  no_consent: 'has not agreed to it, or has unsubscribed',
  no_address: 'there is no address',
  unreachable: 'an earlier message bounced, or was complained about',
  capped: 'has got enough lately',
  pace: 'is more than the journey may send in an hour: held until somebody lets it go',
  late: 'what led to it is long past',
}

/** A message to come, or one that does not go out; `weight` is how many it stands for. */
export interface Coming {
  readonly message: string
  readonly contact: string
  readonly channel: Channel
  readonly version: number
  readonly step: string
  readonly at: number
  readonly skipped: string | null
  readonly weight: number
}

/** The journey's messages of a person's next days. */
export function comingOf(
  { journey, future }: Look,
  { messages, history }: Simulation,
  contact: string,
  weight: number,
): readonly Coming[] {
  return messages
    .filter((message) => message.journey === journey.id && message.at <= future.now + WEEK)
    .map(({ message, channel, step, at, skipped }) => {
      const version = history.enrollments.find(({ id }) => message.startsWith(`${id}/`))?.version ?? 0
      return { message, contact, channel, version, step, at, skipped, weight }
    })
}

/** More than this is counted as this: nobody reads the difference. */
const MOST_UNSENT = 10_000

/** Messages that were asked for already. Of those who leave nothing goes out any more. */
export async function alreadyComing({ read, journey, chosen, future }: Look): Promise<readonly Coming[]> {
  const rows = await unsentUntil(read, journey.id, future.now + WEEK, chosen.inside === 'leave', MOST_UNSENT)
  return rows.map(({ id, contactId, channel, version, step, at }) => ({
    message: id,
    contact: contactId,
    channel,
    version,
    step,
    at: Math.max(at, future.now),
    skipped: null,
    weight: 1,
  }))
}

/** Counts them as they would go out, one after the other, each as fast as the brakes allow. */
export async function reckoned(
  look: Look,
  coming: readonly Coming[],
): Promise<{ readonly messages: readonly MessageStep[]; readonly people: Amount }> {
  const paced = await withPace(look, coming)
  const steps = Map.groupBy(paced, ({ step }) => step)
  const reached = paced.filter(({ channel, skipped }) => skipped === null && isPersonal(channel))
  const firsts = [...Map.groupBy(reached, ({ contact }) => contact).values()].flatMap((own) =>
    own.slice(0, 1),
  )
  return {
    messages: [...steps].map(([step, own]) => stepOf(look, step, own)).toSorted((a, b) => b.week - a.week),
    people: amountOf(look, firsts),
  }
}

function isPersonal(channel: Channel): boolean {
  return channel === 'email' || channel === 'sms'
}

/** In order of time, what is more than the journey may send is held back. */
async function withPace(look: Look, coming: readonly Coming[]): Promise<readonly Coming[]> {
  const { future, journey, read, version } = look
  const published = new Map([...(await publishedAtOf(read, journey.id)), [version, future.now]])
  let { counts } = look
  let uncounted = 0
  const paced: Coming[] = []
  for (const message of coming.toSorted((a, b) => a.at - b.at)) {
    await look.breathe()
    const isFree = message.skipped !== null || !isPersonal(message.channel)
    const publishedAt = published.get(message.version) ?? 0
    const pace = { counts, version: message.version, publishedAt, now: message.at }
    const isHeld = !isFree && tooFast(future.brakes, pace) !== undefined
    paced.push(isHeld ? { ...message, skipped: 'pace' } : message)
    if (isFree || isHeld) continue
    // A message may stand for several, and for parts of one.
    for (uncounted += message.weight; uncounted >= 1; uncounted--)
      counts = withOneMore(counts, message.version, message.at)
  }
  return paced
}

function stepOf(look: Look, step: string, own: readonly Coming[]): MessageStep {
  const { journey, future } = look
  const version = own[0]?.version ?? 0
  const document = future.catalogue.machines.get(`${version}@${journey.id}`)?.journey ?? journey
  const held = Map.groupBy(
    own.filter(({ skipped }) => skipped !== null),
    ({ skipped }) => skipped ?? '',
  )
  return {
    step,
    label: document.states[step]?.meta?.label ?? null,
    channel: own[0]?.channel ?? 'email',
    ...amountOf(
      look,
      own.filter(({ skipped }) => skipped === null),
    ),
    heldBack: [...held]
      .map(([reason, those]) => ({ reason, because: BECAUSE[reason] ?? reason, ...amountOf(look, those) }))
      .toSorted((a, b) => b.week - a.week),
  }
}

function amountOf({ future: { now } }: Look, messages: readonly Coming[]): Amount {
  const sum = (those: readonly Coming[]) => Math.round(those.reduce((total, { weight }) => total + weight, 0))
  return { today: sum(messages.filter(({ at }) => at <= now + DAY)), week: sum(messages) }
}
