/** Keys of programs, sessions of people and the one-time links that make them. Stored as SHA-256: a copy of the file opens nothing. */
import { createHash, randomBytes } from 'node:crypto'
import type { Tx } from './database.ts'
import type { KeysTable } from './schema.ts'

export type KeyKind = KeysTable['kind']

/** A login link works once, for so long (design section 10). */
const LINK_LIFE = 15 * 60_000
const SESSION_LIFE = 30 * 24 * 3_600_000

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function random(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`
}

/** Stores a key, its own or a given one, and answers it: it is shown once and never again. */
export async function addKey(
  tx: Tx,
  kind: KeyKind,
  name: string,
  now: number,
  given?: string,
): Promise<string> {
  const key = given ?? random(kind === 'write' ? 'tmw' : 'tma')
  const hash = hashOf(key)
  await tx.db
    .insertInto('keys')
    .values({ id: hash.slice(0, 12), kind, name, hash, created_at: now, revoked_at: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ kind, revoked_at: null }))
    .execute()
  return key
}

/** The id of a valid key of this kind; undefined for any other text. */
export async function keyId(db: Tx['db'], kind: KeyKind, key: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('keys')
    .select('id')
    .where('hash', '=', hashOf(key))
    .where('kind', '=', kind)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

export async function keyName(db: Tx['db'], id: string): Promise<string | null> {
  return (await db.selectFrom('keys').select('name').where('id', '=', id).executeTakeFirst())?.name ?? null
}

export async function keyRows(db: Tx['db']): Promise<readonly Omit<KeysTable, 'hash'>[]> {
  return db
    .selectFrom('keys')
    .select(['id', 'kind', 'name', 'created_at', 'revoked_at'])
    .orderBy('created_at')
    .execute()
}

export async function revokeKey(tx: Tx, id: string, now: number): Promise<boolean> {
  const result = await tx.db
    .updateTable('keys')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Makes the key that the environment gives the only one of its kind that came from there: a changed one replaces it. */
export async function setEnvironmentKey(tx: Tx, kind: KeyKind, key: string, now: number): Promise<void> {
  await tx.db
    .updateTable('keys')
    .set({ revoked_at: now })
    .where('kind', '=', kind)
    .where('name', '=', FROM_ENVIRONMENT)
    .where('hash', '!=', hashOf(key))
    .where('revoked_at', 'is', null)
    .execute()
  await addKey(tx, kind, FROM_ENVIRONMENT, now, key)
}

const FROM_ENVIRONMENT = 'from the environment'

/** A token for one login within 15 minutes. Time is the machine's own: the sandbox clock must lock nobody out. */
export async function addLoginLink(tx: Tx, now: number): Promise<string> {
  const token = random('login')
  await tx.db.deleteFrom('login_links').where('expires_at', '<', now).execute()
  await tx.db
    .insertInto('login_links')
    .values({ hash: hashOf(token), expires_at: now + LINK_LIFE })
    .execute()
  return token
}

/** Exchanges a login token for a session; undefined where it was used, is too old or wrong. */
export async function openSession(tx: Tx, token: string, now: number): Promise<string | undefined> {
  const used = await tx.db
    .deleteFrom('login_links')
    .where('hash', '=', hashOf(token))
    .where('expires_at', '>=', now)
    .executeTakeFirst()
  if (used.numDeletedRows === 0n) return undefined
  const session = random('session')
  await tx.db.deleteFrom('sessions').where('expires_at', '<', now).execute()
  await tx.db
    .insertInto('sessions')
    .values({ hash: hashOf(session), expires_at: now + SESSION_LIFE })
    .execute()
  return session
}

export async function isSession(db: Tx['db'], session: string, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('sessions')
    .select('hash')
    .where('hash', '=', hashOf(session))
    .where('expires_at', '>=', now)
    .executeTakeFirst()
  return row !== undefined
}

export async function closeSession(tx: Tx, session: string): Promise<void> {
  await tx.db.deleteFrom('sessions').where('hash', '=', hashOf(session)).execute()
}
