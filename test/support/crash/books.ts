// What the database says after a crash test, held against what was answered and what arrived: each broken promise is a
// sentence. In the words of SQL that both databases know.
import { setTimeout as delay } from 'node:timers/promises'
import type { Contact, Entry } from '../../../engine/index.ts'
import type { Sent } from './load.ts'
import type { Kind } from './setting.ts'

/** Runs a query on the database of the servers; answers its rows. */
export type Ask = <Row>(sql: string) => Promise<readonly Row[]>

export interface Counts {
  readonly uncertain: number
  /** Messages known as sent. */
  readonly arrived: number
  readonly waits: number
}

interface Evidence {
  readonly answered: ReadonlyMap<number, Sent>
  /** Message-IDs of the mails that the SMTP server got. */
  readonly arrived: readonly string[]
  /** What `/api/problems` showed. */
  readonly problems: readonly { readonly code: string; readonly detail: string }[]
}

export function booksOf(ask: Ask) {
  const count = async (sql: string) => Number((await ask<{ count: number }>(sql))[0]?.count)
  const stored = async () =>
    (
      await ask<{ seq: number; subject: string; entry: string }>(
        `select seq, subject, entry from journal where kind = 'event' order by seq`,
      )
    ).map(({ subject, entry }) => ({ subject, n: numberOf(entry) }))

  return {
    sending: async () =>
      (await ask<{ id: string }>(`select id from messages where status = 'sending'`)).map(({ id }) => id),
    /** Events that were answered and are not in the journal. */
    missing: async (answered: readonly Sent[]) => {
      const there = new Set((await stored()).map(({ n }) => n))
      return answered.map(({ n }) => n).filter((n) => !there.has(n))
    },
    counts: async (): Promise<Counts> => ({
      uncertain: await count(`select count(*) as count from messages where status = 'uncertain'`),
      arrived: await count(`select count(*) as count from messages where status = 'sent'`),
      waits: await count(`select count(*) as count from ledger where attribute = 'WAITED'`),
    }),
    /** Until no message waits and nobody is inside a journey; false where that takes longer than it may. */
    comesToRest: async (within: number): Promise<boolean> => {
      for (const end = Date.now() + within; Date.now() < end; await delay(100)) {
        const left =
          (await count(
            `select count(*) as count from messages where status in ('queued', 'sending', 'retry')`,
          )) + (await count('select count(*) as count from enrollments where live = 1'))
        if (left === 0) return true
      }
      return false
    },
    /** Uncertain messages. */
    uncertain: async () =>
      (await ask<{ id: string }>(`select id from messages where status = 'uncertain'`)).map(({ id }) => id),
    wrong: async ({ answered, arrived, problems }: Evidence): Promise<readonly string[]> => {
      const events = await stored()
      const lines = (attribute: string) =>
        count(`select count(*) as count from ledger where attribute = '${attribute}'`)
      const asked = (kind: Kind) => [...answered.values()].filter((event) => event.kind === kind).length
      const messages = await ask<MessageRow>(`select id, status, journey, to_address from messages`)
      const inJourney = (journey: Kind) => messages.filter((message) => message.journey === journey)
      const uncertain = withStatus(messages, 'uncertain')
      const arrivals = Map.groupBy(arrived, (id) => id)
      const arrivalsOf = Map.groupBy(arrived, messageOf)
      const named = new Set(
        problems.flatMap(({ code, detail }) =>
          code === 'message_uncertain' ? (detail.match(/[\w.]+@[\w.-]+\w/g) ?? []) : [],
        ),
      )
      const contacts = await ask<{ user_id: string; state: string }>(
        `select user_id, state from contacts where user_id is not null`,
      )

      const expectations: readonly (readonly [what: string, expected: number, actual: number])[] = [
        ['events in the journal, as answered', answered.size, events.length],
        ['different ones among them', answered.size, new Set(events.map(({ n }) => n)).size],
        ['events of one person that changed their order', 0, disordered(events)],
        ['lines of counted events', asked('count'), await lines('COUNTED')],
        ['waits that came to their end', asked('wait'), await lines('WAITED')],
        ['messages asked for at once', asked('mail'), inJourney('mail').length],
        ['messages after a wait', asked('wait-mail'), inJourney('wait-mail').length],
        ['messages whose result is awaited', asked('mail-result'), inJourney('mail-result').length],
        [
          'results that were good',
          withStatus(inJourney('mail-result'), 'sent').length,
          await lines('MAILED'),
        ],
        [
          'results in doubt',
          withStatus(inJourney('mail-result'), 'uncertain').length,
          await lines('DOUBTED'),
        ],
        [
          'messages neither sent nor uncertain',
          0,
          messages.length - withStatus(messages, 'sent').length - uncertain.length,
        ],
        [
          'Message-IDs that arrived more than once',
          0,
          [...arrivals.values()].filter(({ length }) => length > 1).length,
        ],
        [
          'mails of ours that arrived',
          arrived.length,
          messages.reduce((sum, { id }) => sum + (arrivalsOf.get(dotted(id))?.length ?? 0), 0),
        ],
        [
          'sent messages that did not arrive once',
          0,
          withStatus(messages, 'sent').filter(({ id }) => arrivalsOf.get(dotted(id))?.length !== 1).length,
        ],
        [
          'uncertain ones that no problem names',
          0,
          uncertain.filter(({ to_address: to }) => to === null || !named.has(to)).length,
        ],
        [
          'passages that are still under way',
          0,
          await count('select count(*) as count from enrollments where live = 1'),
        ],
        ['failed entries', 0, await count('select count(*) as count from journal where failed is not null')],
      ]
      const counted = Map.groupBy(
        [...answered.values()].filter(({ kind }) => kind === 'count'),
        ({ person }) => `p${person}`,
      )
      return [
        ...expectations.flatMap(([what, expected, actual]) =>
          expected === actual ? [] : [`${what}: expected ${expected}, got ${actual}`],
        ),
        ...contacts.flatMap(({ user_id, state }) => {
          const expected = counted.get(user_id)?.length ?? 0
          const points = ((JSON.parse(state) as Contact).scores['COUNTED'] ?? 0) / 100
          return points === expected ? [] : [`${user_id} should have ${expected} points, and has ${points}`]
        }),
      ]
    },
  }
}

interface MessageRow {
  readonly id: string
  readonly status: string
  readonly journey: string
  readonly to_address: string | null
}

function numberOf(entry: string): number {
  const parsed = JSON.parse(entry) as Extract<Entry, { kind: 'event' }>
  return Number(parsed.properties['n'])
}

/** Each person's events must stand in the journal in the order in which they were sent. */
function disordered(events: readonly { readonly subject: string; readonly n: number }[]): number {
  const last = new Map<string, number>()
  return events.filter(({ subject, n }) => {
    const before = last.get(subject) ?? -1
    last.set(subject, n)
    return n < before
  }).length
}

function withStatus<Row extends { readonly status: string }>(rows: readonly Row[], status: string) {
  return rows.filter((row) => row.status === status)
}

/** How a message's id stands in its Message-ID: `<1042.1.welcome.1.5f0c…@go.acme.eu>`. */
function dotted(id: string): string {
  return id.replaceAll('/', '.')
}

function messageOf(messageId: string): string {
  return messageId.slice(1, messageId.lastIndexOf('.', messageId.indexOf('@')))
}
