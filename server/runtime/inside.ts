/**
 * What publications and ends do with many people, in bounded turns: those inside are taken along, leave or come back, those
 * who match already are let in, and what a pause held back is tried. Rows say what is left, so that a killed process goes
 * on where it was; each person is dealt with in one transaction, and once, whichever process does it.
 */
import {
  alreadyOf,
  asksForStates,
  zoneOf,
  type Contact,
  type Enrollment,
  type Happens,
  type TraceLine,
} from '../../engine/index.ts'
import { contactById } from '../store/contacts.ts'
import type { Database, Tx } from '../store/database.ts'
import { enrollmentById, liveEnrollments } from '../store/enrollments.ts'
import { nextHeldAt } from '../store/heldEntries.ts'
import { contactsInside, journeyRow } from '../store/journeys.ts'
import {
  deleteWork,
  dueWork,
  isWanted,
  nextWorkAt,
  postponeWork,
  workDoneTo,
  type JourneyWork,
} from '../store/journeyWork.ts'
import { contactsKept, forgetPassages, keepPassages, keptPassages } from '../store/takenPassages.ts'
import { discardOf, discardUnsent } from '../store/unsent.ts'
import { contactsAfter } from '../store/verification.ts'
import { recordFor } from './accept.ts'
import type { Book } from './book.ts'
import { settleHeld } from './held.ts'
import { decided, record, type Runtime } from './process.ts'
import type { Turns } from './turns.ts'

export interface InsideDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
  readonly journeys: Pick<Book, 'journey' | 'quietUntil'>
  /** Notes what should not have happened. */
  readonly report: (error: unknown) => void
}

/** When and how far to go. */
export interface Pace {
  readonly now: () => number
  readonly stopping: () => boolean
}

/** People of one turn: enough to share its flush, few enough that events do not wait long for it. */
const AT_ONCE = 32
/** Contacts looked at together for whether they match. */
const PAGE = 500
/** Who could not be dealt with is tried again after so long. */
const AFTER_FAILURE = 3_600_000

/** When there is something to do; undefined where nothing is left. */
export async function nextInsideAt({ read }: Database): Promise<number | undefined> {
  const times = [await nextWorkAt(read), await nextHeldAt(read)].filter((at) => at !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Does what is due, oldest first, until nothing is left or it is told to stop. */
export async function carryOn(deps: InsideDeps, pace: Pace): Promise<void> {
  for (const work of await dueWork(deps.database.read, pace.now())) {
    await WORK[work.kind](deps, work, pace)
    if (pace.stopping()) return
  }
  await settleHeld(deps, pace)
}

/** Turns that a call does at once, so that what concerns few people is done when it answers. */
const FIRST_TURNS = 16

/** Begins what was asked for one journey; the worker does the rest. */
export async function begin(deps: InsideDeps, journey: string, now: () => number): Promise<void> {
  let turns = 0
  const pace = { now, stopping: () => ++turns >= FIRST_TURNS }
  for (const work of await dueWork(deps.database.read, now())) {
    if (work.journey === journey && turns < FIRST_TURNS) await WORK[work.kind](deps, work, pace)
  }
}

const WORK: {
  readonly [kind in JourneyWork['kind']]: (deps: InsideDeps, work: JourneyWork, pace: Pace) => Promise<void>
} = {
  move: takeAlong,
  leave: takeAlong,
  return: takeBack,
  letIn: letInAll,
  settle: async (deps, work, { stopping }) => {
    const { journey, version } = work
    while (await deps.turns.run((tx) => forgetPassages(tx, journey, version, { most: PAGE })))
      if (stopping()) return
    await done(deps, work)
  },
}

/** The versions in use may be fewer now. */
async function done({ turns }: InsideDeps, work: JourneyWork): Promise<void> {
  await turns.run((tx) => deleteWork(tx, work), { catalogue: true })
}

/**
 * Deals with people who are found again until they are dealt with. Whoever cannot be is reported and left for later.
 */
async function withEach(
  deps: InsideDeps,
  work: JourneyWork,
  { now, stopping }: Pace,
  find: (limit: number) => Promise<readonly string[]>,
  deal: (tx: Tx, contactId: string) => Promise<void>,
): Promise<void> {
  const left = new Set<string>()
  const tried = new Set<string>()
  for (;;) {
    const found = await find(AT_ONCE + left.size)
    // Whoever was tried and is found again is as before: what was to be done is kept with their journal, as it failed.
    for (const contact of found) if (tried.has(contact)) left.add(contact)
    tried.clear()
    const open = found.filter((contact) => !left.has(contact))
    if (open.length === 0) break
    const wanted = await Promise.all(
      open.map((contact) => {
        tried.add(contact)
        return dealWith(deps, work, contact, deal)
      }),
    )
    if (stopping() || !wanted.every(Boolean)) return
  }
  if (left.size === 0) await done(deps, work)
  else await deps.turns.run((tx) => postponeWork(tx, work, now() + AFTER_FAILURE))
}

/** False where it is not to be done any more: the version was taken back, or another process has done it all. */
async function dealWith(
  { turns, report }: InsideDeps,
  work: JourneyWork,
  contact: string,
  deal: (tx: Tx, contactId: string) => Promise<void>,
): Promise<boolean> {
  const dealt = turns.run(
    async (tx) => {
      const wanted = await isWanted(tx, work)
      if (wanted) await deal(tx, contact)
      return wanted
    },
    { contacts: [contact] },
  )
  // One that throws must hold up nobody else.
  return dealt.catch((error: unknown) => {
    report(error)
    return true
  })
}

// ---- Those inside ------------------------------------------------------------------------------------------------

function takeAlong(deps: InsideDeps, work: JourneyWork, pace: Pace): Promise<void> {
  const { journey, version } = work
  return withEach(
    deps,
    work,
    pace,
    (limit) => contactsInside(deps.database.read, journey, '<', version, limit),
    (tx, contact) => takeOne(tx, deps, work, contact, pace.now()),
  )
}

/** One contact's passages in older versions go along, or end; what they were is kept while it can be taken back. */
async function takeOne(
  tx: Tx,
  { runtime, journeys }: InsideDeps,
  { kind, journey, version }: JourneyWork,
  contactId: string,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  if (!contact) return
  const passages = (await liveEnrollments(tx, contact.id)).map(({ enrollment }) => enrollment)
  const concerned = passages.filter((passage) => passage.journey === journey && passage.version < version)
  if (concerned.length === 0) return
  if (journeys.quietUntil(journey, version) > now) await keepPassages(tx, version, contact.id, concerned)
  const ids = concerned.map(({ id }) => id)
  const common = { at: now, occurredAt: now, late: false, journey, passages: ids }
  if (kind === 'move') return recordInPlace(tx, runtime, contact, { ...common, kind, version })
  const reason = LEAVING[(await journeyRow(tx.db, journey))?.status ?? ''] ?? LEAVING.published
  await discardOf(tx, contact.id, ids, reason)
  await recordInPlace(tx, runtime, contact, { ...common, kind: 'leave', reason })
}

const LEAVING: { readonly [status: string]: string; readonly published: string } = {
  published: 'A new version was published without those inside',
  stopped: 'The journey was stopped',
  archived: 'The journey was archived',
}

/** Nothing happened to the person: what a replay left open stays open. */
async function recordInPlace(tx: Tx, runtime: Runtime, contact: Contact, happens: Happens): Promise<void> {
  await record(tx, runtime, contact, happens, 'replay')
}

// ---- A version that was taken back -------------------------------------------------------------------------------

const TAKEN_BACK = 'The version was taken back'

async function takeBack(deps: InsideDeps, work: JourneyWork, pace: Pace): Promise<void> {
  const { journey, version } = work
  const { read } = deps.database
  while (
    await deps.turns.run((tx) =>
      discardUnsent(tx, journey, version, 'not sent: the version was taken back', PAGE),
    )
  )
    if (pace.stopping()) return
  await withEach(
    deps,
    work,
    pace,
    async (limit) => {
      const kept = await contactsKept(read, journey, version, limit)
      return kept.length > 0 ? kept : contactsInside(read, journey, '=', version, limit)
    },
    (tx, contact) => takeBackOne(tx, deps, work, contact, pace.now()),
  )
}

/** Who had begun in the version leaves; who was taken along or had left for it is again where they were. */
async function takeBackOne(
  tx: Tx,
  { runtime }: InsideDeps,
  { journey, version }: JourneyWork,
  contactId: string,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  if (!contact) return
  const common = { at: now, occurredAt: now, late: false }
  const kept = await keptPassages(tx, journey, version, contact.id)
  const passages = (await liveEnrollments(tx, contact.id)).map(({ enrollment }) => enrollment)
  const begun = passages.filter(
    (passage) =>
      passage.journey === journey && passage.version === version && !kept.some(({ id }) => id === passage.id),
  )
  if (begun.length > 0) {
    const ids = begun.map(({ id }) => id)
    await recordInPlace(tx, runtime, contact, {
      ...common,
      kind: 'leave',
      journey,
      reason: TAKEN_BACK,
      passages: ids,
    })
  }
  const returning: Enrollment[] = []
  for (const before of kept) {
    const back = restored(before, await enrollmentById(tx, before.id))
    if (back) returning.push(back)
  }
  const current = (await contactById(tx, contact.id)) ?? contact
  if (returning.length > 0)
    await record(tx, runtime, current, { ...common, kind: 'return', passages: returning })
  await forgetPassages(tx, journey, version, { contactId: contact.id })
}

/**
 * The passage as it was. What it sent meanwhile is gone, but its visits count on, as they are part of a message's name; and
 * what became of earlier messages is still true. Undefined where a merge has ended it.
 */
function restored(before: Enrollment, now: Enrollment | undefined): Enrollment | undefined {
  if (!now || now.ended?.outcome === 'merged') return undefined
  const messages = Object.entries(before.messages).map(([step, message]) => {
    const later = now.messages[step]
    return [step, later?.id === message.id ? later : message] as const
  })
  return { ...before, visits: now.visits, messages: Object.fromEntries(messages) }
}

// ---- Those who match already -------------------------------------------------------------------------------------

async function letInAll(deps: InsideDeps, work: JourneyWork, { now, stopping }: Pace): Promise<void> {
  const { journey, version } = work
  const { zone } = deps.runtime
  const document = deps.journeys.journey(journey, version)
  if (document && !asksForStates(document)) return done(deps, work)
  const knocks = (contact: Contact) =>
    document ? alreadyOf(document, contact, now(), zoneOf(contact, zone)) : []
  for (let from = work.done_to; ; ) {
    const page = await contactsAfter(deps.database.read, from, PAGE)
    const matching = page.filter((contact) => knocks(contact).length > 0).map((contact) => contact.id)
    for (let at = 0; at < matching.length; at += AT_ONCE) {
      const some = matching.slice(at, at + AT_ONCE)
      if (!(await letInSome(deps, work, knocks, some, from, now()))) return
      from = some.at(-1) ?? from
      if (stopping()) return
    }
    const last = page.at(-1)
    if (!last) return done(deps, work)
    if (!(await deps.turns.run((tx) => workDoneTo(tx, work, from, last.id)))) return
    from = last.id
    if (stopping()) return
  }
}

type Knocks = (contact: Contact) => ReturnType<typeof alreadyOf>

/** Lets some contacts in, and notes in the same transaction how far it is done. False where it is no longer to be done from there. */
async function letInSome(
  deps: InsideDeps,
  work: JourneyWork,
  knocks: Knocks,
  contacts: readonly string[],
  from: string,
  now: number,
): Promise<boolean> {
  const { journey } = work
  const together = (some: readonly string[], after: string) =>
    deps.turns.run(
      async (tx) => {
        if ((await journeyRow(tx.db, journey))?.status !== 'live') return false
        if (!(await workDoneTo(tx, work, after, some.at(-1) ?? after))) return false
        for (const contact of some) await letIn(tx, deps.runtime, knocks, contact, now)
        return true
      },
      { contacts: some },
    )
  try {
    return await together(contacts, from)
  } catch (error) {
    const alone = (contact: string, after: string) => letInSome(deps, work, knocks, [contact], after, now)
    if (contacts.length > 1) return oneByOne(contacts, from, alone)
    // One that throws must hold up nobody else.
    deps.report(error)
    return deps.turns.run((tx) => workDoneTo(tx, work, from, contacts[0] ?? from))
  }
}

async function oneByOne(
  contacts: readonly string[],
  from: string,
  deal: (contact: string, after: string) => Promise<boolean>,
): Promise<boolean> {
  let after = from
  for (const contact of contacts) {
    if (!(await deal(contact, after))) return false
    after = contact
  }
  return true
}

/** Tries what the contact is already, one state after the other, until one lets in. Only that is written down. */
async function letIn(
  tx: Tx,
  runtime: Runtime,
  knocks: Knocks,
  contactId: string,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  if (!contact) return
  const passages = (await liveEnrollments(tx, contact.id)).map(({ enrollment }) => enrollment)
  for (const knock of knocks(contact)) {
    const happens = { ...knock, kind: 'admit', at: now, occurredAt: now, late: false } as const
    const result = await decided(tx, runtime, contact, passages, { ...happens, seq: Number.MAX_SAFE_INTEGER })
    if ('failed' in result || !result.trace.some((line) => isEntry(line, knock.journey))) continue
    await recordFor(tx, runtime, contact.id, happens)
    return
  }
}

/** Whether a line of the trace says that the contact entered the journey. */
export function isEntry({ journey: entered, what }: TraceLine, journey: string): boolean {
  return what === 'entered' && entered === journey
}
