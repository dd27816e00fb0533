/** Single values of the installation: the secret that signs links, the sandbox clock, how mail goes out. */
import { randomBytes } from 'node:crypto'
import type { Tx } from './database.ts'

export type SettingName =
  | 'secret'
  | 'clock_offset'
  | 'webhook_secret'
  | 'mail_mode'
  | 'sms_mode'
  | 'web_mode'
  | 'initialised'
  | 'last_seq'
  | 'brakes'
  | 'sending_stopped'
  | 'scores'
  | 'last_revision'

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

export async function removeSetting(tx: Tx, name: SettingName): Promise<void> {
  await tx.db.deleteFrom('settings').where('name', '=', name).execute()
}

/** The secret of this database, made once. */
export async function secretOf(tx: Tx): Promise<string> {
  return madeOnce(tx, 'secret', () => randomBytes(32).toString('base64url'))
}

/** What our webhooks are signed with, as receivers are told it (Standard Webhooks); made once. */
export async function webhookSecretOf(tx: Tx): Promise<string> {
  return madeOnce(tx, 'webhook_secret', () => `whsec_${randomBytes(32).toString('base64')}`)
}

async function madeOnce(tx: Tx, name: SettingName, make: () => string): Promise<string> {
  const known = await setting(tx.db, name)
  if (known !== undefined) return known
  const made = make()
  await setSetting(tx, name, made)
  return made
}
