/**
 * Numbers for Prometheus, counted when they are asked for. prom-client takes 45 ms to load, so whoever asks first waits
 * for it instead of every start.
 */
import { MESSAGE_STATUSES } from '../store/schema.ts'
import { nextDue } from '../store/enrollments.ts'
import { eventsAfter, lastEntry } from '../store/timeline.ts'
import { totals } from '../store/totals.ts'
import type { Deps } from './deps.ts'

export interface Metrics {
  readonly contentType: string
  readonly text: () => Promise<string>
}

export async function openMetrics({ database, clock }: Deps): Promise<Metrics> {
  const { default: prometheus } = await import('prom-client')
  const register = new prometheus.Registry()
  prometheus.collectDefaultMetrics({ register })
  const events = new prometheus.Counter({
    name: 'tidemark_events_accepted_total',
    help: 'Events of clients that reached a contact, since these numbers were first asked for',
    registers: [register],
  })
  const gauge = (name: string, help: string) => new prometheus.Gauge({ name, help, registers: [register] })
  const contacts = gauge('tidemark_contacts', 'Contacts')
  const inside = gauge('tidemark_contacts_in_journeys', 'Contacts inside at least one journey')
  const problems = gauge('tidemark_problems_open', 'Problems that nobody has solved or put aside')
  const lag = gauge('tidemark_waits_lag_seconds', 'How long the earliest wait is overdue')
  const messages = new prometheus.Gauge({
    name: 'tidemark_messages',
    help: 'Messages by state',
    labelNames: ['status'],
    registers: [register],
  })
  let seen = await lastEntry(database.read)

  const count = async () => {
    const { count, last } = await eventsAfter(database.read, seen)
    seen = last
    events.inc(count)
    const now = await totals(database.read)
    contacts.set(now.contacts)
    inside.set(now.inJourneys)
    problems.set(now.problems)
    for (const status of MESSAGE_STATUSES) messages.set({ status }, now.messages.get(status) ?? 0)
    const due = await nextDue(database.read)
    lag.set(due === undefined ? 0 : Math.max(0, clock.now() - due) / 1_000)
  }
  return {
    contentType: register.contentType,
    text: async () => {
      await count()
      return register.metrics()
    },
  }
}
