/**
 * Whom a condition is about, while somebody is writing it: how many of all contacts match, some of them, and why one does
 * or does not. Read by the engine as the runtime reads; nothing is written, and nobody else waits for it.
 */
import {
  factKey,
  holdsOutside,
  judgedWhen,
  linesOutside,
  zoneOf,
  type AnsweredLine,
  type Condition,
  type Contact,
  type Fact,
  type FactValues,
  type Outside,
} from '../../engine/index.ts'
import type { Database, Reading } from '../store/database.ts'
import { countContacts } from '../store/foresight.ts'
import { readingOn } from '../store/reading.ts'
import { contactsAfter } from '../store/verification.ts'
import { breather } from './breather.ts'
import { factOf, type Runtime } from './process.ts'

export interface AskingDeps {
  readonly database: Pick<Database, 'read'>
  readonly runtime: Runtime
}

export interface Matches {
  readonly judged: ReturnType<typeof judgedWhen>
  /** How many match, or could as far as can be said before it happens; null where nothing can be said before. */
  readonly matching: number | null
  readonly of: number
  /** How many were looked at; the number is an estimate. Null where everybody was. */
  readonly sample: { readonly looked: number; readonly of: number } | null
  readonly examples: readonly Contact[]
}

/** So many people are looked at; fewer where their histories must be read, which takes longer. */
const MOST_LOOKED = 20_000
const MOST_WITH_HISTORY = 4_000
const PAGE = 250
const EXAMPLES = 5

/** Counts who matches, as long as somebody wants to know. */
export async function whoMatches(
  deps: AskingDeps,
  condition: Condition,
  now: number,
  isWanted: () => boolean,
): Promise<Matches> {
  const { read } = deps.database
  const judged = judgedWhen(condition)
  if (judged === 'whenItHappens')
    return { judged, matching: null, of: await countContacts(read), sample: null, examples: [] }
  const ask = asker(deps, now)
  const breathe = breather()
  const examples: Contact[] = []
  let [looked, matching, withHistory, after] = [0, 0, 0, '']
  while (looked < MOST_LOOKED && withHistory < MOST_WITH_HISTORY && isWanted()) {
    const page = await contactsAfter(read, after, PAGE)
    const last = page.at(-1)
    if (!last) break
    for (const contact of page) {
      const { answer, asked } = await ask(contact, (outside) => holdsOutside(condition, outside))
      if (answer !== false) {
        matching += 1
        if (examples.length < EXAMPLES) examples.push(contact)
      }
      if (asked > 0) withHistory += 1
      await breathe()
    }
    looked += page.length
    after = last.id
  }
  const of = looked % PAGE === 0 && looked > 0 ? Math.max(looked, await countContacts(read)) : looked
  const sample = looked < of ? { looked, of } : null
  return { judged, matching: Math.round((matching * of) / Math.max(looked, 1)), of, sample, examples }
}

export interface AnsweredBy {
  /** Null: only known when it happens. */
  readonly holds: boolean | null
  readonly lines: readonly AnsweredLine[]
}

/** What one contact answers, line by line. */
export async function answersOf(
  deps: AskingDeps,
  condition: Condition,
  contact: Contact,
  now: number,
): Promise<AnsweredBy> {
  const { answer } = await asker(deps, now)(contact, (outside) => ({
    holds: holdsOutside(condition, outside),
    lines: linesOutside(condition, outside),
  }))
  return answer
}

/** Asks contacts, each with the facts that it takes; `asked` is how many had to be read. */
function asker({ database, runtime }: AskingDeps, now: number) {
  const reading = readingOn(database.read)
  const { segments } = runtime.catalogue()
  return async <Answer>(contact: Contact, ask: (outside: Outside) => Answer) => {
    const facts = new Map<string, FactValues[Fact['type']]>()
    for (;;) {
      const needs: Fact[] = []
      const loaded = ((fact: Fact) => {
        const known = facts.get(factKey(fact))
        if (known === undefined) needs.push(fact)
        return known
      }) as Outside['loaded']
      const answer = ask({ contact, now, zone: zoneOf(contact, runtime.zone), segments, loaded })
      if (needs.length === 0) return { answer, asked: facts.size }
      await readAll(reading, contact.id, needs, facts)
    }
  }
}

async function readAll(
  reading: Reading,
  contactId: string,
  needs: readonly Fact[],
  facts: Map<string, FactValues[Fact['type']]>,
): Promise<void> {
  for (const fact of needs) {
    const key = factKey(fact)
    if (!facts.has(key)) facts.set(key, await factOf(reading, contactId, fact))
  }
}
