/** The public interface of a running server, as far as the demo uses it. */
import type { JsonObject } from '../../engine/index.ts'

export interface DemoServer {
  readonly url: string
  readonly writeKey: string
  readonly apiKey: string
}

/** Something that the person at the terminal can put right: the message says what. */
export class DemoTrouble extends Error {
  override readonly name = 'DemoTrouble'
}

export interface ContactItem {
  readonly id: string
  readonly userId: string | null
  readonly attributes: { readonly [name: string]: unknown }
}

export interface MailItem {
  readonly id: string
  readonly to: string
  readonly html: string
  readonly headers: { readonly [name: string]: string }
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

/** A whole page of a list. */
const MOST = 500
/** What a person's browser says, more or less: what it follows counts as a person's click. */
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (demo)' }

export type DemoApi = ReturnType<typeof demoApi>

export function demoApi({ url, writeKey, apiKey }: DemoServer) {
  const basic = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`

  const request = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(`${url}${path}`, { redirect: 'manual', ...init })
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new DemoTrouble(
        `No Tidemark answers at ${url}. Start one with TIDEMARK_SANDBOX=1 npm start; if it listens elsewhere, give its address: npm run demo -- --url http://localhost:3001`,
      )
    }
  }
  const must = async (method: string, path: string, authorization: string, body?: JsonObject) => {
    const response = await request(path, {
      method,
      headers: { Authorization: authorization, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown)
    if (response.status === 401)
      throw new DemoTrouble(
        `The server at ${url} does not know the key in ${path.startsWith('/v1') ? 'TIDEMARK_WRITE_KEY' : 'TIDEMARK_API_KEY'}: set it as for the server; npm run keys makes a new one.`,
      )
    throw new DemoTrouble(`${method} ${url}${path} was answered ${response.status}: ${text.slice(0, 300)}`)
  }
  const admin = async <Answer>(method: string, path: string, body?: JsonObject): Promise<Answer> =>
    (await must(method, `/api${path}`, `Bearer ${apiKey}`, body)) as Answer

  return {
    clock: async () => {
      const { now, sandbox } = await admin<{ now: string; sandbox: boolean }>('GET', '/clock')
      return { now: Date.parse(now), sandbox }
    },
    /** Moves the clock ahead by that many milliseconds, rounded up to seconds, one at least; answers what time it is then. */
    advance: async (by: number): Promise<number> => {
      const advance = `PT${Math.max(1, Math.ceil(by / 1_000))}S`
      return Date.parse((await admin<{ now: string }>('POST', '/clock', { advance })).now)
    },
    /** All of them must be taken. */
    send: async (batch: readonly JsonObject[]): Promise<void> => {
      const answer = (await must('POST', '/v1/batch', basic, { batch })) as { errors: readonly JsonObject[] }
      if (answer.errors.length > 0)
        throw new DemoTrouble(`/v1/batch refused a call: ${JSON.stringify(answer.errors[0])}`)
    },
    contactsWith: async (search: string): Promise<readonly ContactItem[]> => {
      const items: ContactItem[] = []
      let cursor = ''
      do {
        const page: Page<ContactItem> = await admin(
          'GET',
          `/contacts?search=${encodeURIComponent(search)}&limit=${MOST}${cursor}`,
        )
        items.push(...page.items)
        cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`
      } while (cursor !== '')
      return items
    },
    erase: (id: string): Promise<void> => admin('DELETE', `/contacts/${id}`),
    mailbox: (cursor: string | null): Promise<Page<MailItem>> =>
      admin('GET', `/mailbox?limit=20${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
    /** What a person does with a link in a mail. It is named by its path: its host may be another one outside. */
    follow: async (method: 'GET' | 'POST', path: string): Promise<void> => {
      const response = await request(path, { method, headers: BROWSER })
      await response.body?.cancel()
    },
  }
}
