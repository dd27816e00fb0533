// The same journal, lived through on both databases, leaves the same rows in every table, numbers and ids included.
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { Call } from '../../../server/ingest/segment.ts'
import { eraseContact } from '../../../server/store/contacts.ts'
import { wakeDue } from '../../../server/work/wakes.ts'
import { newSqliteFolder } from '../../support/database.ts'
import { DAY, openStore, publishShipped, START, type TestStore } from '../../support/store.ts'

const ids = fc.record(
  {
    userId: fc.constantFrom('a', 'b', 'Ç', '日本'),
    email: fc.constantFrom('x@acme.io', 'y@acme.io'),
    anonymousId: fc.constantFrom('v1', 'v2', 'v3'),
  },
  { requiredKeys: [] },
)
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      ids,
      name: fc.constantFrom(
        'newsletter_subscribed',
        'resource_downloaded',
        'page_viewed',
        'quote_requested',
        'sales_contacted',
        'purchase',
      ),
      path: fc.constantFrom('/pricing', '/'),
      ago: fc.constantFrom(0, 0, 0, 3_600_000, 3 * DAY),
      messageId: fc.constantFrom('m1', 'm2', undefined),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ids,
      attributes: fc.dictionary(fc.constantFrom('CITY', 'PLAN'), fc.string({ maxLength: 5 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      previousId: fc.constantFrom('a', 'b', 'v1', 'v2'),
      userId: fc.constantFrom('a', 'b', 'Ç'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ days: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ erased: fc.constantFrom('a', 'b') }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** Lives through the steps, a minute apart. */
async function live(store: TestStore, steps: readonly Step[]): Promise<void> {
  await publishShipped(store, START - DAY)
  let now = START
  for (const one of steps) {
    now += 60_000
    if ('days' in one) {
      now += one.days * DAY
      await wakeDue(store, () => now)
    } else if ('erased' in one) {
      const contact = await store.contact(one.erased)
      if (contact) await store.turns.run((tx) => eraseContact(tx, contact.id))
    } else await store.send(callOf(one, now), now)
  }
}

function callOf(one: Exclude<Step, { days: number } | { erased: string }>, now: number): Call {
  if ('previousId' in one) return { kind: 'alias', ...one, occurredAt: now }
  if ('attributes' in one)
    return { kind: 'identify', ...one.ids, identification: { attributes: one.attributes }, occurredAt: now }
  const { ids, name, path, ago, messageId } = one
  return {
    kind: 'event',
    name,
    properties: { path },
    active: true,
    occurredAt: now - ago,
    ...ids,
    ...(messageId !== undefined && { messageId }),
  }
}

/** Every row of every table of ours, in the order of all its columns. */
async function contents({
  database: { read },
}: TestStore): Promise<{ readonly [table: string]: readonly unknown[] }> {
  const tables = await read.introspection.getTables()
  const ours = tables
    .filter(({ schema }) => schema === undefined || schema === 'public')
    .map(({ name }) => name)
  const entries = ours.toSorted().map(async (table) => {
    const { rows } = await sql<{ name?: string }>`select * from ${sql.table(table)}`.execute(read)
    // How often the catalogue changed only PostgreSQL has to remember.
    const told = rows.filter(({ name }) => table !== 'settings' || name !== 'catalogue')
    return [
      table,
      told
        .map((row) => JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
        .toSorted(),
    ] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

it('both databases come to the same, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      const stores = [await openStore(newSqliteFolder()), await openStore()] as const
      for (const store of stores) await live(store, steps)
      const [onSqlite, onPostgres] = await Promise.all(stores.map(contents))
      for (const store of stores) await store.close()
      expect(Object.keys(onPostgres ?? {}).length).toBeGreaterThan(20)
      expect(onPostgres).toEqual(onSqlite)
    }),
    { numRuns: 20 },
  )
}, 180_000)
