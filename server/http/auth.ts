/**
 * Who may ask: programs with a key, people with a session. Times here are the machine's own, as the sandbox clock must
 * lock nobody out.
 */
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Database } from '../store/database.ts'
import { isSession, keyId, keyName, type KeyKind } from '../store/keys.ts'
import type { Deps } from './deps.ts'
import { refuse } from './problem.ts'

export const SESSION_COOKIE = 'tidemark_session'

/** Lets in programs with an API key and signed-in people; a change that a session asks for must come from a page of ours. */
export function requireAdmin(deps: Deps): MiddlewareHandler {
  return async (c, next) => {
    const authorization = c.req.header('authorization')
    if (authorization !== undefined) {
      const known = await knownKey(deps.database, 'api', authorization, bearerKeys)
      return known === undefined ? refused(c) : next()
    }
    if (!(await hasSession(deps, c))) return refuse(c, 'not_signed_in', null)
    return foreignOrigin(deps, c) ?? next()
  }
}

function refused(c: Context): Response {
  c.header('WWW-Authenticate', 'Bearer')
  return refuse(c, 'wrong_api_key', null)
}

/** The name of the key that asks; null for a person. */
export async function askedBy({ database }: Deps, c: Context): Promise<string | null> {
  const authorization = c.req.header('authorization')
  const id = authorization && (await knownKey(database, 'api', authorization, bearerKeys))
  return id ? keyName(database.read, id) : null
}

/** Whether the request carries a session or an API key. */
export async function isSignedIn(deps: Deps, c: Context): Promise<boolean> {
  const authorization = c.req.header('authorization')
  if (authorization === undefined) return hasSession(deps, c)
  return (await knownKey(deps.database, 'api', authorization, bearerKeys)) !== undefined
}

function hasSession({ database }: Deps, c: Context): Promise<boolean> | false {
  const session = getCookie(c, SESSION_COOKIE)
  return session === undefined ? false : isSession(database.read, session, Date.now())
}

/** The id of the write key that stands as user name in the Authorization header; undefined for any other header. */
export function writeKeyId(
  { database }: Deps,
  header: string | undefined,
): Promise<string | undefined> | string | undefined {
  return header === undefined ? undefined : knownKey(database, 'write', header, basicKeys)
}

// ---- Keys --------------------------------------------------------------------------------------------------------

/** How long a key is taken as valid without asking the database again; a revoked one works no longer than this. */
const TRUSTED_FOR = 5_000
/** One key can come in many headers (any password): more of them than this are forgotten. */
const MOST_TRUSTED = 1_000

/** Ids of valid keys by the header they came in, so that a call of the event path costs no hash and no query. */
const trusted = new WeakMap<
  Database,
  { readonly [kind in KeyKind]: Map<string, { id: string; until: number }> }
>()

function knownKey(
  database: Database,
  kind: KeyKind,
  header: string,
  keysIn: (header: string) => readonly string[],
): Promise<string | undefined> | string | undefined {
  const known = trustedIn(database)[kind].get(header)
  return known && known.until > Date.now() ? known.id : lookedUp(database, kind, header, keysIn(header))
}

async function lookedUp(
  database: Database,
  kind: KeyKind,
  header: string,
  keys: readonly string[],
): Promise<string | undefined> {
  const map = trustedIn(database)[kind]
  map.delete(header)
  for (const key of keys) {
    const id = await keyId(database.read, kind, key)
    if (id === undefined) continue
    if (map.size >= MOST_TRUSTED) map.clear()
    map.set(header, { id, until: Date.now() + TRUSTED_FOR })
    return id
  }
  return undefined
}

function trustedIn(database: Database) {
  let maps = trusted.get(database)
  if (!maps) trusted.set(database, (maps = { write: new Map(), api: new Map() }))
  return maps
}

function bearerKeys(header: string): readonly string[] {
  const key = /^bearer +(.+)$/i.exec(header)?.[1]
  return key === undefined ? [] : [key.trim()]
}

/** A key may contain ":" itself: all before an empty password, and all before any password, are looked for. */
function basicKeys(header: string): readonly string[] {
  const encoded = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(header)?.[1]
  if (encoded === undefined) return []
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const candidates = [text.endsWith(':') ? text.slice(0, -1) : text, text.split(':', 1)[0] ?? '']
  return [...new Set(candidates)].filter((key) => key !== '')
}

// ---- Origin ------------------------------------------------------------------------------------------------------

/**
 * The refusal of a change that another site's page asks for. Browsers name the page's origin with every change; what
 * names none is no browser, and has the cookie only because somebody gave it.
 */
export function foreignOrigin({ baseUrl }: Deps, c: Context) {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return undefined
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  if (origin === undefined && (site === undefined || site === 'same-origin' || site === 'none'))
    return undefined
  const own = new URL(baseUrl).origin
  if (origin === own || (origin !== undefined && URL.parse(origin)?.host === c.req.header('host')))
    return undefined
  return refuse(c, 'wrong_origin', null, own, origin ?? 'another site')
}
