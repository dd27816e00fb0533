/** Single values of the installation: the secret that signs links, the sandbox clock, how mail goes out. */
import { randomBytes } from 'node:crypto'
import type { Tx } from './database.ts'

export type SettingName = 'secret' | 'clock_offset' | 'mail_mode' | 'initialised' | 'last_seq'

export async function setting(db: Tx['db'], name: SettingName): Promise<string | undefined> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

export async function setSetting(tx: Tx, name: SettingName, value: string): Promise<void> {
  await tx.db
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

/** The secret of this database, made once. */
export async function secretOf(tx: Tx): Promise<string> {
  const known = await setting(tx.db, 'secret')
  if (known !== undefined) return known
  const made = randomBytes(32).toString('base64url')
  await setSetting(tx, 'secret', made)
  return made
}
