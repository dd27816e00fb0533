/** What a journal entry changes by itself, before any journey hears of it, and what it raises. */
import { PURPOSES, type Contact, type Entry, type Identification, type Json } from './contact.ts'
import { INTERNAL_EVENTS } from './journey.ts'
import { hundredths } from './scoring.ts'
import {
  attributeSet,
  consented,
  entered,
  isScore,
  joined,
  raised,
  scoreChanged,
  told,
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
      return happened(
        entry,
        known(entry, { ...world, contact: active(world.contact, entry) }, entry.identification),
      )
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
    case 'score':
      return overridden(entry, world)
    case 'retract':
      return entry.lines.reduce(
        (next, line) =>
          entered(next, line.attribute, -line.by, 'Taken back: it was a machine that clicked', null),
        world,
      )
    case 'consent':
      return consentSet(entry, world)
    case 'merge':
      return merged(entry, world)
    case 'wake':
    case 'leave':
    case 'move':
      return world
  }
}

type Of<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>

function active(contact: Contact, entry: Of<'event'> | Of<'message'>): Contact {
  const counts = entry.kind === 'event' ? entry.active : entry.verdict === 'clicked' && !entry.machine
  return counts && entry.occurredAt > (contact.lastActivityAt ?? -Infinity)
    ? { ...contact, lastActivityAt: entry.occurredAt }
    : contact
}

/** Writes what a call says of the person; `contact.created` comes first, so that journeys see the attributes. */
function known(entry: Entry, world: World, identification: Identification = {}): World {
  const { userId, email, attributes = {}, consent = {}, company } = identification
  const { contact } = world
  const identified = {
    ...world,
    contact: {
      ...contact,
      userId: userId ?? contact.userId,
      email: email ?? contact.email,
      company: company
        ? { id: company.id, attributes: { ...sameCompany(contact, company.id), ...company.attributes } }
        : contact.company,
    },
  }
  const created = entry.creates
    ? raised(identified, { name: 'contact.created', properties: {}, touches: [] })
    : identified
  const touched =
    company || email !== undefined
      ? raised(created, {
          name: 'contact',
          properties: {},
          touches: ['field:company', 'field:EMAIL'],
          silent: true,
        })
      : created
  const written = Object.entries(attributes).reduce(
    (next, [name, value]) => (isScore(next, name) ? next : attributeSet(next, name, value as Json)),
    touched,
  )
  const source = entry.kind === 'event' ? entry.name : entry.kind
  return PURPOSES.reduce((next, purpose) => {
    const claim = consent[purpose]
    // "Yes" in a form or in traits does not lift an unsubscribe; "no" always counts.
    if (claim === undefined || (claim && next.contact.consent[purpose].status === 'unsubscribed')) return next
    return consented(next, purpose, claim ? 'subscribed' : 'unsubscribed', source)
  }, written)
}

function sameCompany(contact: Contact, id: string) {
  return contact.company?.id === id ? contact.company.attributes : {}
}

function happened(entry: Of<'event'>, world: World): World {
  const signedUp = entry.name === SIGN_UP ? consented(world, 'email', 'subscribed', entry.name) : world
  return raised(signedUp, {
    name: entry.name,
    properties: entry.properties,
    touches: [`count:${entry.name}`],
  })
}

// ---- Messages ----------------------------------------------------------------------------------------------------

/** A verdict on a message: everybody may hear what the outside says of it, only its own passage the result of the step. */
function judged(entry: Of<'message'>, world: World): World {
  if (entry.machine)
    return told(world, 'unchanged', 'A machine, not the person, opened or clicked: it counts for nothing')
  const name = `email.${entry.verdict}`
  const properties = {
    message: entry.message,
    journey: entry.journey,
    step: entry.step,
    ...(entry.link !== undefined && { link: entry.link }),
    ...(entry.reason && { reason: entry.reason }),
  }
  const unreachable =
    entry.verdict === 'bounced' || entry.verdict === 'complained' ? entry.verdict : world.contact.unreachable
  const known = { ...world, contact: { ...active(world.contact, entry), unreachable } }
  const announced = Object.hasOwn(INTERNAL_EVENTS, name)
    ? raised(known, { name, properties, touches: ['message', 'emails', `count:${name}`] })
    : known
  const result = stepResult(entry)
  return result ? raised(announced, result) : announced
}

function stepResult(entry: Of<'message'>): Happening | undefined {
  const only = { enrollment: entry.enrollment, step: entry.step, visit: entry.visit }
  if (entry.verdict === 'sent') return { name: 'step.done', properties: {}, touches: ['message'], only }
  const failed =
    entry.verdict === 'failed' ||
    entry.verdict === 'skipped' ||
    entry.verdict === 'uncertain' ||
    entry.verdict === 'bounced'
  return failed
    ? {
        name: 'step.failed',
        properties: { reason: entry.reason ?? entry.verdict },
        touches: ['message'],
        only,
      }
    : undefined
}

// ---- By hand -----------------------------------------------------------------------------------------------------

function overridden(entry: Of<'score'>, world: World): World {
  const before = world.contact.scores[entry.attribute] ?? 0
  const by = 'by' in entry.change ? hundredths(entry.change.by) : hundredths(entry.change.set) - before
  const named = { ...world, event: { name: 'by hand', properties: {}, touches: [] } }
  return by === 0
    ? told(world, 'unchanged', `Score stays ${before / 100}`)
    : entered(named, entry.attribute, by, entry.reason, null)
}

function consentSet(entry: Of<'consent'>, world: World): World {
  const changed = consented(world, entry.purpose, entry.status, entry.reason)
  if (changed === world || entry.status !== 'unsubscribed' || entry.purpose !== 'email') return changed
  return raised(changed, {
    name: 'email.unsubscribed',
    properties: { ...(entry.message && { message: entry.message }) },
    touches: ['count:email.unsubscribed'],
  })
}

// ---- Merging -----------------------------------------------------------------------------------------------------

/** Unites another contact with this one: lists and points are added, the older's own words stay, a "no" wins. */
function merged(entry: Of<'merge'>, world: World): World {
  const { from } = entry
  const { contact } = world
  const scores = Object.fromEntries(
    [...new Set([...Object.keys(contact.scores), ...Object.keys(from.scores)])].map((name) => [
      name,
      (contact.scores[name] ?? 0) + (from.scores[name] ?? 0),
    ]),
  )
  // A plain number of one may be a score of the other: the ledger's side wins, as no client may write a score.
  const attributes = Object.fromEntries(
    Object.entries({ ...from.attributes, ...contact.attributes }).filter(
      ([name]) => !Object.hasOwn(scores, name),
    ),
  )
  const consent = {
    email: stricter(contact, from, 'email'),
    sms: stricter(contact, from, 'sms'),
    profiling: stricter(contact, from, 'profiling'),
  }
  const united: Contact = {
    ...contact,
    userId: contact.userId ?? from.userId,
    email: contact.email ?? from.email,
    attributes,
    scores,
    consent,
    stage: contact.stage ?? from.stage,
    company: contact.company ?? from.company,
    unreachable: contact.unreachable ?? from.unreachable,
    lastActivityAt:
      contact.lastActivityAt === null
        ? from.lastActivityAt
        : Math.max(contact.lastActivityAt, from.lastActivityAt ?? 0),
  }
  const told = raised(
    { ...world, contact: united },
    {
      name: 'contact.merged',
      properties: { from: from.id },
      touches: PURPOSES.map((purpose) => `field:consent.${purpose}`),
    },
  )
  const changed = Object.keys(scores).filter((name) => scores[name] !== (contact.scores[name] ?? 0))
  const counted = changed.reduce(
    (next, name) => raised(next, scoreChanged(name, contact.scores[name] ?? 0, scores[name] ?? 0)),
    told,
  )
  return from.lists.reduce(joined, counted)
}

/** "Unsubscribed" wins; else what was said beats what was not. */
function stricter(contact: Contact, from: Contact, purpose: (typeof PURPOSES)[number]) {
  const [own, other] = [contact.consent[purpose], from.consent[purpose]]
  return other.status === 'unsubscribed' || own.status === 'unknown'
    ? own.status === 'unsubscribed'
      ? own
      : other
    : own
}
