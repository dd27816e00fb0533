/** What a journal entry changes by itself, before any journey hears of it, and what it raises. */
import {
  PURPOSES,
  STAGES,
  type Contact,
  type Entry,
  type Identification,
  type MessageVerdict,
  type Purpose,
} from './contact.ts'
import type { Happened } from './facts.ts'
import { COUNTED_INTERNAL_EVENTS } from './dialect/names.ts'
import { fieldInWords } from './names.ts'
import { hundredths, inPoints, isCountable } from './scoring.ts'
import {
  causeOf,
  attributeSet,
  consented,
  entered,
  isScore,
  joined,
  raised,
  rezoned,
  scoreChanged,
  told,
  withOpening,
  type Happening,
  type World,
} from './world.ts'

/** The event whose very arrival is the person's own sign-up: the only thing that lifts an unsubscribe (design section 6). */
const SIGN_UP = 'newsletter_subscribed'

/** The world as the entry itself leaves it, with what it raised. Wake-ups, moves and departures are the cascade's. */
export function begin(world: World): World {
  const { entry } = world
  switch (entry.kind) {
    case 'event':
      return happened(entry, known(entry, active(world), entry.identification))
    case 'identify':
      return known(entry, world, entry.identification)
    case 'message':
      return judged(entry, world)
    case 'enter':
      return raised(world, {
        name: 'journey.requested',
        properties: { ...entry.properties, journey: entry.journey },
        touches: [],
      })
    case 'due':
    case 'admit':
      return raised(world, admitting(entry))
    case 'look':
      return raised(world, {
        name: 'look',
        properties: {},
        touches: entry.silent ? 'everything' : ['time'],
        silent: true,
      })
    case 'score':
      return overridden(entry, world)
    case 'retract':
      return entry.lines.reduce(
        // With the cause of what it takes back, so that a cap has its room again.
        (next, { attribute, by, ...cause }) =>
          entered(next, attribute, -by, 'Taken back: it was a machine that clicked', cause),
        // What asks for clicks is looked at, whether the click gave anything or not.
        raised(world, {
          name: 'retract',
          properties: {},
          touches: ['message', 'emails', 'count:email.clicked'],
          silent: true,
        }),
      )
    case 'consent':
      return consentSet(entry, world)
    case 'merge':
      return merged(entry, world)
    case 'wake':
    case 'leave':
    case 'move':
    case 'return':
      return world
  }
}

type Of<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>

/** What an entry is counted as by later conditions; undefined for those that cannot be counted. */
export function countedAs(entry: Entry): Happened | undefined {
  if (entry.kind === 'event') return { name: entry.name, properties: entry.properties }
  if (entry.kind === 'message' && !entry.machine) return outsideWord(entry)
  if (entry.kind === 'consent' && entry.status === 'unsubscribed') return unsubscription(entry)
  return undefined
}

/** What only the triggers of one journey hear. */
function admitting(entry: Of<'due'> | Of<'admit'>): Happening {
  const { journey } = entry
  if (entry.kind === 'admit')
    return { name: entry.event, properties: entry.properties, touches: [], triggersOf: journey }
  return {
    name: 'time.due',
    properties: { journey, at: entry.delay },
    touches: [],
    triggersOf: journey,
  }
}

// ---- Events and what a call says of the person -------------------------------------------------------------------

/** Moves the time of the last activity, never back: a late event was activity when it occurred. */
function active(world: World): World {
  const { contact, entry } = world
  const counts =
    entry.kind === 'event' ? entry.active : entry.kind === 'message' && entry.verdict === 'clicked'
  if (!counts || entry.occurredAt <= (contact.lastActivityAt ?? -Infinity)) return world
  return { ...world, contact: { ...contact, lastActivityAt: entry.occurredAt } }
}

/** Writes what a call says of the person; `contact.created` comes first, so that journeys see the attributes. */
function known(entry: Entry, world: World, identification: Identification = {}): World {
  const created = entry.creates
    ? raised(world, { name: 'contact.created', properties: {}, touches: 'everything' })
    : world
  const { attributes = {}, consent = {} } = identification
  const written = Object.entries(attributes).reduce(
    (next, [name, value]) => (isScore(next, name) ? next : attributeSet(next, name, value)),
    identified(created, identification),
  )
  const source = entry.kind === 'event' ? entry.name : entry.kind
  return PURPOSES.reduce((next, purpose) => {
    const claim = consent[purpose]
    // "Yes" in a form or in traits does not lift an unsubscribe; "no" always counts.
    if (claim === undefined || (claim && next.contact.consent[purpose].status === 'unsubscribed')) return next
    return consented(next, purpose, claim ? 'subscribed' : 'unsubscribed', source)
  }, written)
}

function identified(world: World, { userId, email, company }: Identification): World {
  const { contact } = world
  const next: Contact = {
    ...contact,
    userId: userId ?? contact.userId,
    email: email ?? contact.email,
    unreachable: isNewAddress(contact, email) ? null : contact.unreachable,
    company: company ? companyOf(contact, company) : contact.company,
  }
  if (!company && next.email === contact.email) return { ...world, contact: next }
  const touches = ['field:company', 'field:EMAIL']
  return raised({ ...world, contact: next }, { name: 'contact', properties: {}, touches, silent: true })
}

/** A bounce was about the old address; a complaint is the person's word and stays. */
function isNewAddress({ email: known, unreachable }: Contact, email: string | undefined): boolean {
  return (
    unreachable === 'bounced' && email !== undefined && email.toLowerCase() !== (known ?? '').toLowerCase()
  )
}

/** The company as the contact's own calls describe it, bit by bit; another company begins anew. */
function companyOf(contact: Contact, { id, attributes }: NonNullable<Identification['company']>) {
  const before = contact.company?.id === id ? contact.company.attributes : {}
  return { id, attributes: { ...before, ...attributes } }
}

function happened(entry: Of<'event'>, world: World): World {
  const signedUp = entry.name === SIGN_UP ? subscribed(entry, world) : world
  const { name, properties } = entry
  return raised(signedUp, { name, properties, touches: [`count:${name}`] })
}

/** The person's own sign-up, unless the same call says no, or they have unsubscribed after it (it came late). */
function subscribed(entry: Of<'event'>, world: World): World {
  const { status, at } = world.contact.consent.email
  const outdated = status === 'unsubscribed' && (at ?? 0) >= entry.occurredAt
  if (outdated || entry.identification?.consent?.email === false) return world
  return consented(world, 'email', 'subscribed', entry.name)
}

// ---- Messages ----------------------------------------------------------------------------------------------------

/** A verdict on a message: everybody may hear what the outside says of it, only its own passage the result of the step. */
function judged(entry: Of<'message'>, world: World): World {
  if (entry.machine)
    return told(world, 'unchanged', 'A machine, not the person, opened or clicked: it counts for nothing')
  const noted = answered(entry, optedOut(entry, unreachable(active(world), entry.verdict)))
  const { name, properties } = outsideWord(entry)
  const touches = ['message', ...(name.startsWith('email.') ? ['emails'] : []), `count:${name}`]
  const announced = COUNTED_INTERNAL_EVENTS.includes(name)
    ? raised(noted, { name, properties, touches })
    : noted
  const result = stepResult(entry)
  return result ? raised(announced, result) : announced
}

/** Unsubscribing is about mail, "STOP" about every SMS there is. */
function optedOut({ verdict }: Of<'message'>, world: World): World {
  if (verdict === 'unsubscribed') return consented(world, 'email', 'unsubscribed', 'email.unsubscribed')
  if (verdict !== 'stopped') return world
  const stopped = { ...world, contact: { ...world.contact, stopped: true as const } }
  return consented(stopped, 'sms', 'unsubscribed', 'sms.stopped')
}

/** Keeps what the journey wants of a webhook's answer. Scores are the ledger's: no answer writes one. */
function answered({ stored = {} }: Of<'message'>, world: World): World {
  return Object.entries(stored).reduce(
    (next, [attribute, value]) =>
      isScore(next, attribute)
        ? told(next, 'unchanged', `${fieldInWords(attribute)} stays: a score is not set by an answer`)
        : attributeSet(next, attribute, value),
    world,
  )
}

function unreachable(world: World, verdict: MessageVerdict): World {
  return verdict === 'bounced' || verdict === 'complained'
    ? { ...world, contact: { ...world.contact, unreachable: verdict } }
    : world
}

function outsideWord({
  channel = 'email',
  verdict,
  message,
  journey,
  step,
  link,
  reason,
}: Of<'message'>): Happened {
  return {
    name: `${channel}.${verdict}`,
    properties: {
      message,
      journey,
      step,
      ...(link !== undefined && { link }),
      ...(reason !== undefined && { reason }),
    },
  }
}

/** How the step that sent it ended, as far as a verdict decides that. */
const STEP_RESULTS: { readonly [verdict in MessageVerdict]?: 'step.done' | 'step.failed' } = {
  sent: 'step.done',
  failed: 'step.failed',
  skipped: 'step.failed',
  uncertain: 'step.failed',
  bounced: 'step.failed',
  stopped: 'step.failed',
}

function stepResult({ verdict, reason, enrollment, step, visit }: Of<'message'>): Happening | undefined {
  const name = STEP_RESULTS[verdict]
  if (!name) return undefined
  const properties = name === 'step.failed' ? { reason: reason ?? verdict } : {}
  return { name, properties, touches: ['message'], only: { enrollment, step, visit } }
}

// ---- By hand -----------------------------------------------------------------------------------------------------

function overridden({ attribute, change, reason }: Of<'score'>, world: World): World {
  const opened = withOpening(world, attribute)
  const before = opened.contact.scores[attribute] ?? 0
  const by = 'by' in change ? hundredths(change.by) : hundredths(change.set) - before
  const stays = `${fieldInWords(attribute)} stays ${inPoints(before)}`
  if (by === 0) return told(opened, 'unchanged', stays)
  if (!isCountable(before + by)) return told(opened, 'unchanged', `${stays}: the score would be too large`)
  const byHand = { ...opened, event: { name: 'by hand', properties: {}, touches: [] } }
  return entered(byHand, attribute, by, reason, causeOf(byHand, null))
}

function consentSet(entry: Of<'consent'>, world: World): World {
  const { purpose, status, reason } = entry
  if (world.contact.consent[purpose].status === 'unsubscribed' && status !== 'unsubscribed')
    return told(world, 'unchanged', 'Only the person’s own new sign-up lifts an unsubscribe')
  const changed = consented(world, purpose, status, reason)
  const word = status === 'unsubscribed' ? unsubscription(entry) : undefined
  if (changed === world || !word) return changed
  return raised(changed, { ...word, touches: [`count:${word.name}`] })
}

/** What journeys hear of a "no"; of one to profiling they hear nothing. */
function unsubscription({ purpose, message }: Of<'consent'>): Happened | undefined {
  if (purpose === 'profiling') return undefined
  const name = purpose === 'email' ? 'email.unsubscribed' : 'sms.stopped'
  return { name, properties: message === undefined ? {} : { message } }
}

// ---- Merging -----------------------------------------------------------------------------------------------------

/** Unites another contact with this one: lists and points are added, the older's own words stay, a "no" wins. */
function merged({ from }: Of<'merge'>, world: World): World {
  const { contact } = world
  const scores = sums(contact.scores, from.scores)
  // A plain number of one may be a score of the other: the ledger's side wins, as no client may write a score.
  const attributes = Object.fromEntries(
    Object.entries({ ...from.attributes, ...contact.attributes }).filter(
      ([name]) => !Object.hasOwn(scores, name),
    ),
  )
  const united: Contact = {
    ...contact,
    userId: contact.userId ?? from.userId,
    email: contact.email ?? from.email,
    attributes,
    scores,
    consent: {
      email: stricter(contact, from, 'email'),
      sms: stricter(contact, from, 'sms'),
      profiling: stricter(contact, from, 'profiling'),
    },
    stage: further(contact, from),
    company: contact.company ?? from.company,
    unreachable: reachability(contact, from),
    ...(from.stopped && { stopped: true }),
    lastActivityAt: latest(contact.lastActivityAt, from.lastActivityAt),
  }
  const announced = raised(rezoned({ ...world, contact: united }), {
    name: 'contact.merged',
    properties: { from: from.id },
    touches: 'everything',
  })
  return from.lists.reduce(joined, differences(contact, united).reduce(raised, announced))
}

function sums(own: Contact['scores'], others: Contact['scores']): Contact['scores'] {
  const names = Object.keys({ ...own, ...others })
  return Object.fromEntries(names.map((name) => [name, (own[name] ?? 0) + (others[name] ?? 0)]))
}

/** "Unsubscribed" wins; else what was said beats what was not. */
function stricter(contact: Contact, from: Contact, purpose: Purpose) {
  const [own, other] = [contact.consent[purpose], from.consent[purpose]]
  if (own.status === 'unsubscribed') return own
  return other.status === 'unsubscribed' || own.status === 'unknown' ? other : own
}

/** The stage nearer to the end: who has bought under either identity is a customer. */
function further(contact: Contact, from: Contact) {
  return STAGES.findLast((stage) => stage === contact.stage || stage === from.stage) ?? null
}

/** A complaint is the person's; a bounce is about one address, and only the one that is kept counts. */
function reachability(contact: Contact, from: Contact): Contact['unreachable'] {
  if (contact.unreachable === 'complained' || from.unreachable === 'complained') return 'complained'
  return contact.email === null ? from.unreachable : contact.unreachable
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

/** What a merge changed in the contact that stays, as journeys hear of it. */
function differences(before: Contact, { scores, attributes, stage }: Contact): readonly Happening[] {
  const points = Object.entries(scores).map(([name, score]) =>
    scoreChanged(name, before.scores[name] ?? 0, score),
  )
  return [
    ...points.filter(({ properties }) => properties['by'] !== 0),
    ...Object.entries(attributes).flatMap(([attribute, after]) =>
      Object.hasOwn(before.attributes, attribute)
        ? []
        : [
            {
              name: 'attribute.changed',
              properties: { attribute, before: null, after },
              touches: [`field:${attribute}`],
            },
          ],
    ),
    ...(stage === before.stage
      ? []
      : [
          {
            name: 'stage.changed',
            properties: { before: before.stage, after: stage },
            touches: ['field:stage'],
          },
        ]),
  ]
}
