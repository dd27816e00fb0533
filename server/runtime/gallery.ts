/** The shipped journeys as something to begin with: each can be copied as a draft, with the mails it names. */
import { templatesNamed, type Journey } from '../../engine/index.ts'
import type { Tx } from '../store/database.ts'
import { journeyRow, saveDraft } from '../store/journeys.ts'
import { saveTemplate, templateByName } from '../store/templates.ts'
import { lockDraft } from './drafts.ts'
import type { Shipped } from './firstStart.ts'

/** Stores the journey as a draft unless there is one of its id; a mail that is there already stays as it is. */
export async function copyShipped(
  tx: Tx,
  journey: Journey,
  templates: Shipped['templates'],
  now: number,
): Promise<boolean> {
  await lockDraft(tx, journey.id)
  if (await journeyRow(tx.db, journey.id)) return false
  for (const name of templatesNamed(journey)) {
    const template = templates[name]
    if (template && !(await templateByName(tx.db, name))) await saveTemplate(tx, name, template, now)
  }
  await saveDraft(tx, journey.id, JSON.stringify(journey), now)
  return true
}
