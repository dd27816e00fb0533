/** Who matches already: who of them would enter if they were let in, why the others would not, and what they would get. */
import { alreadyOf, asksForStates, zoneOf, type Happens, type Simulation } from '../../../engine/index.ts'
import { countContacts, withPassages } from '../../store/foresight.ts'
import { contactsAfter } from '../../store/verification.ts'
import { isEntry } from '../inside/letIn.ts'
import { foreseen, type Future, type Someone } from './foresight.ts'
import { someoneOf, takenAlong, WEEK, type Look, type Sample } from './look.ts'
import { comingOf, type Coming } from './messages.ts'

export interface Matching {
  /** Who would enter if those who match already were let in. */
  readonly enter: number
  /** Who matches, and would not enter all the same. */
  readonly refused: readonly { readonly because: string; readonly people: number }[]
}

export interface Matched {
  readonly matching: Matching
  /** What those who enter would get, where they are let in. */
  readonly messages: readonly Coming[]
  readonly sample: Sample | null
}

/** So many who may match are tried, in a few seconds; from them the rest is reckoned. */
const MOST_TRIED = 5_000
/** So many of those who would enter are lived through. */
const MOST_LIVED = 2_000
const PAGE = 250

export async function matchingOf(look: Look): Promise<Matched> {
  const { read, future, journey, chosen } = look
  if (!asksForStates(journey)) return { matching: { enter: 0, refused: [] }, messages: [], sample: null }
  const refused = new Map<string, number>()
  const messages: Coming[] = []
  let [looked, tried, enter, lived, after] = [0, 0, 0, 0, '']
  for (;;) {
    const page = await contactsAfter(read, after, PAGE)
    const last = page.at(-1)
    if (!last || tried >= MOST_TRIED) break
    const matching = page.filter(
      (contact) => alreadyOf(journey, contact, future.now, zoneOf(contact, future.zone)).length > 0,
    )
    for (const person of await withPassages(read, matching)) {
      const one = someoneOf(look, person)
      const found = await knock(look, one)
      if (found && 'because' in found) refused.set(found.because, (refused.get(found.because) ?? 0) + 1)
      if (found && 'entry' in found) {
        enter += 1
        if (chosen.letIn && lived < MOST_LIVED) messages.push(...(await gets(look, one, found.entry)))
        if (chosen.letIn && lived < MOST_LIVED) lived += 1
      }
      await look.breathe()
    }
    looked += page.length
    tried += matching.length
    after = last.id
    await look.breathe()
  }
  const of = Math.max(looked, await countContacts(read))
  const share = looked === 0 ? 0 : of / looked
  const weight = lived === 0 ? 0 : (enter * share) / lived
  const people = (count: number) => Math.round(count * share)
  return {
    matching: {
      enter: people(enter),
      refused: [...refused]
        .map(([because, count]) => ({ because, people: people(count) }))
        .toSorted((a, b) => b.people - a.people),
    },
    messages: messages.map((message) => ({ ...message, weight })),
    sample: looked < of ? { looked, of } : weight > 1 ? { looked: lived, of: enter } : null,
  }
}

type Knocked = { readonly entry: readonly Happens[] } | { readonly because: string }

/** Tries what the person is already, as letting in does. Undefined where no trigger asks for it. */
async function knock(look: Look, one: Someone): Promise<Knocked | undefined> {
  const { future, journey } = look
  const { now, zone } = future
  let refusal: Simulation | undefined
  for (const already of alreadyOf(journey, one.contact, now, zoneOf(one.contact, zone))) {
    const admit = { ...already, kind: 'admit' as const, at: now, occurredAt: now, late: false }
    const events = [...takenAlong(look, one), admit]
    const so = await atOnce(future, one, events)
    if (so.trace.some((line) => isEntry(line, journey.id))) return { entry: events }
    const opened = await atOnce(look.openHouse, one, events)
    if (opened.trace.some((line) => isEntry(line, journey.id))) refusal ??= so
  }
  return refusal && { because: refusalIn(refusal, journey.id) }
}

/** The events alone, before any time passes. */
function atOnce(future: Future, one: Someone, events: readonly Happens[]): Promise<Simulation> {
  const still = one.passages.map((passage) => ({ ...passage, due: null }))
  return foreseen(future, { ...one, passages: still }, events, -Infinity)
}

/** What the passage that begins would send; that of others inside is counted with those inside. */
async function gets(look: Look, one: Someone, events: readonly Happens[]): Promise<readonly Coming[]> {
  const { future, journey } = look
  const so = await foreseen(future, one, events, future.now + WEEK)
  const known = new Set(one.passages.map(({ id }) => id))
  const begun = so.history.enrollments.filter(
    (passage) => passage.journey === journey.id && !known.has(passage.id),
  )
  return comingOf(look, so, one.contact.id, 1).filter(({ message }) =>
    begun.some(({ id }) => message.startsWith(`${id}/`)),
  )
}

const NOT_ENTERED = 'Not entered: '

/** Why, without what is this person's own: "has already reached the goal: Score is 85" is told of many. */
function refusalIn({ trace }: Simulation, journey: string): string {
  const line = trace.find((said) => said.journey === journey && said.what === 'notEntered')
  const because = line?.text.replace(NOT_ENTERED, '').split(':', 1)[0] ?? ''
  return because === '' ? 'is not let in' : because
}
