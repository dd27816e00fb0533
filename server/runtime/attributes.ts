/** Which attributes contacts have, as far as the newest of them tell: looking at all would take long where there are many. */
import type { Tx } from '../store/database.ts'
import { newestContacts } from '../store/vocabulary.ts'

const NEWEST = 1_000

/** Names of attributes and scores; undefined where there is nobody yet. */
export async function knownAttributes(db: Tx['db']): Promise<readonly string[] | undefined> {
  const contacts = await newestContacts(db, NEWEST)
  if (contacts.length === 0) return undefined
  const names = contacts.flatMap(({ attributes, scores }) => [
    ...Object.keys(attributes),
    ...Object.keys(scores),
  ])
  return [...new Set(names)]
}
