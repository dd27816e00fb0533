// A running server as the programs around it see it: Segment's calls, the admin interface, and what people look up there.
import type { Journey, JsonObject } from '../../engine/index.ts'
import { API_KEY, WRITE_KEY } from './serverProcess.ts'

export type Answer = {
  readonly status: number
  readonly headers: Headers
  /** The JSON of the answer; undefined where it is empty or something else. */
  readonly body: unknown
  readonly text: string
}

/** Every refusal (design section 10). */
export type ProblemDocument = {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly path?: string
  readonly problems?: readonly { readonly code: string; readonly path: string; readonly detail: string }[]
}

export type ContactView = {
  readonly id: string
  readonly userId: string | null
  readonly email: string | null
  readonly attributes: { readonly SCORE: number; readonly [name: string]: unknown }
  readonly lists: readonly string[]
  readonly stage: string | null
  readonly consent: {
    readonly [purpose in 'email' | 'sms' | 'profiling']: {
      readonly status: string
      readonly source: string | null
    }
  }
  readonly lastActivityAt: string | null
  readonly passages: readonly PassageView[]
}

export type PassageView = {
  readonly id: string
  readonly journey: string
  readonly version: number
  readonly step: string
  readonly due: string | null
  readonly ended: { readonly outcome: string; readonly reason: string } | null
}

export type ScoreLine = {
  readonly attribute: string
  readonly by: number
  readonly before: number
  readonly after: number
  readonly reason: string
  readonly event: string
  readonly journey: string | null
  readonly step: string | null
  readonly occurredAt: string
}

export type MailView = {
  readonly to: string
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly headers: { readonly [name: string]: string }
  readonly journey: string
  readonly at: string
}

export type Happening = {
  readonly kind: string
  readonly name: string
  readonly late: boolean
  readonly trace: readonly { readonly journey: string | null; readonly what: string; readonly text: string }[]
}

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null }

/** What zod says by itself: no words for a marketer, and none of ours. */
export const ZODS_WORDS = /Invalid input|Too (?:small|big)|received |Unrecognized|nonoptional/

export const BASIC = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`
/**
 * A connection for each call: where calls are seldom or servers are killed, one that was kept may end at the very moment it
 * is used again, which `fetch` tells nobody apart from a server that is gone.
 */
export const OWN_CONNECTION = { Connection: 'close' }
const JSON_TYPE = { 'Content-Type': 'application/json' }

export type Api = ReturnType<typeof apiOf>

/** Speaks to the server at this address with the test keys. */
export function apiOf({ url }: { readonly url: string }) {
  /** Posts to `/v1/<call>`, whatever the answer is. */
  const post = (call: string, body: unknown, headers: { readonly [name: string]: string } = {}) =>
    ask(`${url}/v1/${call}`, 'POST', body, { Authorization: BASIC, ...OWN_CONNECTION, ...headers })
  /** Asks the admin interface, whatever the answer is. */
  const admin = (
    method: string,
    path: string,
    body?: unknown,
    headers: { readonly [name: string]: string } = {},
  ) =>
    ask(`${url}/api${path}`, method, body, {
      Authorization: `Bearer ${API_KEY}`,
      ...OWN_CONNECTION,
      ...headers,
    })
  /** The same where it must work; throws with the answer else. */
  const must = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await admin(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body as Body
  }
  const send = async (call: string, body: JsonObject): Promise<void> => {
    const { status, text } = await post(call, body)
    if (status !== 200) throw new Error(`/v1/${call}: ${status} ${text}`)
  }
  const find = async (userId: string): Promise<ContactView | undefined> => {
    const { items } = await must<Page<ContactView>>('GET', `/contacts?search=${encodeURIComponent(userId)}`)
    const found = items.find((contact) => contact.userId === userId)
    return found && must<ContactView>('GET', `/contacts/${found.id}`)
  }
  const contact = async (userId: string): Promise<ContactView> => {
    const found = await find(userId)
    if (!found) throw new Error(`there is no contact ${userId}`)
    return found
  }
  const pages = async <Item>(path: string): Promise<readonly Item[]> => {
    const items: Item[] = []
    let next: string | null = null
    do {
      const sign: string = path.includes('?') ? '&' : '?'
      const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`
      const page: Page<Item> = await must('GET', `${path}${sign}limit=500${cursor}`)
      items.push(...page.items)
      next = page.next
    } while (next !== null)
    return items
  }
  const timeline = async (userId: string): Promise<readonly Happening[]> =>
    pages<Happening>(`/contacts/${(await contact(userId)).id}/timeline`)

  return {
    url,
    post,
    admin,
    must,
    find,
    contact,
    pages,
    /** One client event, which must be accepted; `more` are other parts of the call. */
    track: (userId: string, event: string, properties: JsonObject = {}, more: JsonObject = {}) =>
      send('track', { userId, event, properties, ...more }),
    identify: (userId: string, traits: JsonObject, more: JsonObject = {}) =>
      send('identify', { userId, traits, ...more }),
    /** PUTs the journey over the draft there is, and publishes it. */
    publish: async (journey: Journey, inside = 'stay'): Promise<void> => {
      const before = await admin('GET', `/journeys/${journey.id}`)
      const etag = before.headers.get('etag')
      const put = await admin(
        'PUT',
        `/journeys/${journey.id}`,
        journey,
        etag === null ? {} : { 'If-Match': etag },
      )
      if (put.status >= 300) throw new Error(`PUT ${journey.id}: ${put.status} ${put.text}`)
      await must('POST', `/journeys/${journey.id}/publish`, { inside })
    },
    score: async (userId: string): Promise<number> => (await contact(userId)).attributes.SCORE,
    /** The history of a score, newest first. */
    lines: async (userId: string, attribute = 'SCORE'): Promise<readonly ScoreLine[]> => {
      const { id } = await contact(userId)
      const first = await must<{ entries: readonly ScoreLine[]; next: string | null }>(
        'GET',
        `/contacts/${id}/score?attribute=${attribute}&limit=500`,
      )
      if (first.next !== null) throw new Error('more lines than this helper reads')
      return first.entries
    },
    /** Live passages of a journey. */
    inside: async (userId: string, journey: string): Promise<readonly PassageView[]> =>
      (await contact(userId)).passages.filter(
        (passage) => passage.journey === journey && passage.ended === null,
      ),
    /** All passages of a journey, by how they ended or where they are. */
    passages: async (userId: string, journey: string): Promise<readonly string[]> =>
      (await contact(userId)).passages
        .filter((passage) => passage.journey === journey)
        .map(({ ended, step }) => ended?.outcome ?? `at ${step}`)
        .toReversed(),
    timeline,
    /** Why the journey did not let the person in, as the timeline says it. */
    whyNotEntered: async (userId: string, journey: string): Promise<string | undefined> =>
      (await timeline(userId))
        .flatMap(({ trace }) => trace)
        .find((line) => line.journey === journey && line.what === 'notEntered')?.text,
    mails: (to: string): Promise<readonly MailView[]> =>
      pages<MailView>(`/mailbox?to=${encodeURIComponent(to)}`),
    /** Moves the sandbox clock. */
    advance: (duration: string) =>
      must<{ now: string; ran: number }>('POST', '/clock', { advance: duration }),
  }
}

/** One request; the body is sent as it is if it is text or bytes, else as JSON. */
export async function ask(
  url: string,
  method: string,
  body: unknown,
  headers: { readonly [name: string]: string },
): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && JSON_TYPE), ...headers },
    ...(body !== undefined && {
      body: raw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    }),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined,
  }
}
