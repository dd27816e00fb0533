/** Folds every contact's journal again and compares: the ledger, the lists and the passages must come out the same. */
import { isDeepStrictEqual } from 'node:util'
import {
  catalogueOf,
  fold,
  newContact,
  newHistory,
  united,
  type Catalogue,
  type Condition,
  type Contact,
  type Entry,
  type History,
} from '../../engine/index.ts'
import type { Tx } from '../store/database.ts'
import { allOpenings, allVersions } from '../store/journeys.ts'
import { allSegmentVersions } from '../store/segments.ts'
import {
  contactsAfter,
  createdAtOf,
  journalOf,
  storedEnrollments,
  storedLedger,
  storedLists,
  storedSegments,
} from '../store/verification.ts'

/** Something that is stored otherwise than its journal says. */
export interface Difference {
  readonly contact: string
  readonly what: string
  readonly stored: unknown
  readonly folded: unknown
}

export interface Verification {
  readonly contacts: number
  readonly entries: number
  readonly differences: readonly Difference[]
}

const PAGE = 500
/** More than anyone reads; the count of contacts goes on. */
const MOST_DIFFERENCES = 100

/** Verifies all contacts as `db` sees them: give it one transaction, so that it sees one moment. */
export async function verifyAll(db: Tx['db'], zone: string): Promise<Verification> {
  const cataloguesBySeq = await timeline(db)
  let [contacts, entries] = [0, 0]
  const differences: Difference[] = []
  for (
    let page = await contactsAfter(db, '', PAGE);
    page.length > 0;
    page = await contactsAfter(db, page.at(-1)?.id ?? '', PAGE)
  ) {
    for (const contact of page) {
      const journal = await journalOf(db, contact.id)
      const history = await folded(db, contact.id, journal, cataloguesBySeq, zone)
      contacts += 1
      entries += [...journal.values()].reduce((sum, { length }) => sum + length, 0)
      if (differences.length < MOST_DIFFERENCES) differences.push(...(await compared(db, contact, history)))
    }
  }
  return { contacts, entries, differences }
}

const NOTHING_PUBLISHED = catalogueOf([])

type CatalogueAt = (seq: number) => Catalogue

/** The catalogue that was in force at each place of the journal. */
async function timeline(db: Tx['db']): Promise<CatalogueAt> {
  const versions = await allVersions(db)
  const open = new Map<string, number | null>()
  const published = new Set<string>()
  const segments = new Map<string, Condition>()
  const moments: { seq: number; catalogue: Catalogue }[] = []
  const changes = [...(await allOpenings(db)), ...(await allSegmentVersions(db))]
  for (const change of changes.toSorted((a, b) => a.seq - b.seq)) {
    if ('name' in change) {
      if (change.condition === null) segments.delete(change.name)
      else segments.set(change.name, JSON.parse(change.condition) as Condition)
    } else {
      open.set(change.journey, change.version)
      if (change.version !== null) published.add(`${change.version}@${change.journey}`)
    }
    const so = versions.filter((known) => published.has(`${known.version}@${known.journey.id}`))
    const journeys = so.map((known) => ({ ...known, open: open.get(known.journey.id) === known.version }))
    const catalogue = catalogueOf(journeys, moments.at(-1)?.catalogue, new Map(segments))
    moments.push({ seq: change.seq, catalogue })
  }
  return (seq) => moments.findLast((moment) => moment.seq < seq)?.catalogue ?? NOTHING_PUBLISHED
}

async function folded(
  db: Tx['db'],
  id: string,
  journal: ReadonlyMap<string, readonly Entry[]>,
  at: CatalogueAt,
  zone: string,
): Promise<History> {
  let history = newHistory(newContact(id, await createdAtOf(db, id)))
  for (const entry of journal.get(id) ?? []) {
    if (entry.kind === 'merge') history = united(history, await folded(db, entry.from.id, journal, at, zone))
    history = fold(history, entry, at(entry.seq), zone).history
  }
  return history
}

async function compared(db: Tx['db'], contact: Contact, history: History): Promise<readonly Difference[]> {
  const sum = (attribute: string) =>
    history.ledger.reduce((total, line) => total + (line.attribute === attribute ? line.by : 0), 0)
  const sums = Object.fromEntries(Object.keys(contact.scores).map((attribute) => [attribute, sum(attribute)]))
  const pairs: readonly [what: string, stored: unknown, folded: unknown][] = [
    ['contact', contact, history.contact],
    ['scores and the sums of their entries', contact.scores, sums],
    ['lists', (await storedLists(db, contact.id)).toSorted(), history.contact.lists.toSorted()],
    ['segments', (await storedSegments(db, contact.id)).toSorted(), history.contact.segments],
    ['ledger', byId(await storedLedger(db, contact.id)), byId(history.ledger)],
    ['passages', byId(await storedEnrollments(db, contact.id)), byId(history.enrollments)],
  ]
  return pairs.flatMap(([what, stored, folded]) =>
    isDeepStrictEqual(plain(stored), plain(folded)) ? [] : [{ contact: contact.id, what, stored, folded }],
  )
}

/** As JSON keeps it: an undefined property is none. Sentences are left out: a later version may say the same better. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'reason' ? undefined : part)))
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
