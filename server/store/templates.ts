/** Templates as they are now; a published version keeps its own copy. */
import type { MailTemplate } from '../messages/compose.ts'
import type { Tx } from './database.ts'

export async function templateByName(db: Tx['db'], name: string): Promise<MailTemplate | undefined> {
  const row = await db.selectFrom('templates').selectAll().where('name', '=', name).executeTakeFirst()
  return row && { subject: row.subject, html: row.html, ...(row.text !== null && { text: row.text }) }
}

export async function templateNames(db: Tx['db']): Promise<readonly string[]> {
  const rows = await db.selectFrom('templates').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

export async function saveTemplate(
  tx: Tx,
  name: string,
  { subject, html, text }: MailTemplate,
  now: number,
): Promise<void> {
  const values = { subject, html, text: text ?? null, updated_at: now }
  await tx.db
    .insertInto('templates')
    .values({ name, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .execute()
}
