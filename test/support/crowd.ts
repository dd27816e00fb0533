// Many people inside a journey, for tests of what publishing, pausing and taking back do with them.
import type { Journey, JsonObject, Step } from '../../engine/index.ts'
import type { TestInstallation } from './installation.ts'
import { journeyOf, triggerTo } from './journeys.ts'

/** Waits, then mails everybody. */
export function mailing(id: string, wait: string, more: { readonly [step: string]: Step } = {}): Journey {
  return journeyOf(
    {
      pause: { meta: { kind: 'wait', label: 'Pause' }, after: { [wait]: 'mail' } },
      mail: mail('end'),
      ...more,
      end: { type: 'final' },
    },
    { id, on: { [`start ${id}`]: triggerTo('pause'), 'journey.requested': triggerTo('pause') } },
  )
}

export function mail(always: string, subject = 'News'): Step {
  return {
    meta: { kind: 'email', label: subject },
    entry: { type: 'sendEmail', params: { subject, html: `<p>${subject}</p>`, messageType: 'newsletter' } },
    always,
  }
}

/** So many people who have agreed to mail, each with one event of the name. */
export async function crowd(
  server: {
    readonly send: (call: string, body: { readonly batch: readonly JsonObject[] }) => Promise<unknown>
  },
  event: string,
  count: number,
): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const batch = Array.from({ length: Math.min(500, count - from) }, (_, index) => ({
      type: 'track',
      userId: `${event} ${from + index}`,
      event,
      context: {
        traits: {
          email: `${event.replaceAll(' ', '.')}.${from + index}@example.org`,
          consent: { email: true },
        },
      },
    }))
    await server.send('batch', { batch })
  }
}

export function journeysOf(server: TestInstallation) {
  const call = async <Body>(method: string, path: string, body?: unknown, status = 200): Promise<Body> => {
    const answer = await server.ask(method, `/api/journeys/${path}`, body)
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  return {
    call,
    /** Writes the draft over the one there is. */
    draft: async (journey: Journey): Promise<void> => {
      const before = await server.ask('GET', `/api/journeys/${journey.id}`)
      const etag = before.headers.get('etag')
      const { status, text } = await server.ask(
        'PUT',
        `/api/journeys/${journey.id}`,
        journey,
        etag === null ? {} : { 'if-match': etag },
      )
      if (status >= 300) throw new Error(`PUT ${journey.id}: ${status} ${text}`)
    },
    publish: (id: string, body: object = {}) =>
      call<{ version: number; inside: number }>('POST', `${id}/publish`, body),
    advance: async (duration: string): Promise<void> => {
      const { status, text } = await server.ask('POST', '/api/clock', { advance: duration })
      if (status !== 200) throw new Error(`clock: ${status} ${text}`)
    },
    /** Live passages of a journey, as `version@step`, with how many there are. */
    inside: async (journey: string): Promise<{ readonly [place: string]: number }> => {
      const rows = await server.deps.database.read
        .selectFrom('enrollments')
        .select(['version', 'step'])
        .where('journey', '=', journey)
        .where('live', '=', 1)
        .execute()
      return tally(rows.map(({ version, step }) => `${version}@${step}`))
    },
    outcomes: async (journey: string): Promise<{ readonly [outcome: string]: number }> => {
      const rows = await server.deps.database.read
        .selectFrom('enrollments')
        .select('outcome')
        .where('journey', '=', journey)
        .execute()
      return tally(rows.map(({ outcome }) => outcome ?? 'inside'))
    },
    /** Messages of a journey by status. */
    messages: async (journey: string): Promise<{ readonly [status: string]: number }> => {
      const rows = await server.deps.database.read
        .selectFrom('messages')
        .select('status')
        .where('journey', '=', journey)
        .execute()
      return tally(rows.map(({ status }) => status))
    },
    /** The most messages that one person got of a journey. */
    mostToOne: async (journey: string): Promise<number> => {
      const rows = await server.deps.database.read
        .selectFrom('messages')
        .select('contact_id')
        .where('journey', '=', journey)
        .where('status', '=', 'captured')
        .execute()
      return Math.max(0, ...Object.values(tally(rows.map(({ contact_id }) => contact_id))))
    },
  }
}

function tally(names: readonly string[]): { readonly [name: string]: number } {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]))
}
