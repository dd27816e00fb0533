/**
 * What mail clients, scanners and people do with a message that arrived: each is decided and written in one transaction.
 * A machine's open or click is written down and worth nothing; a trap takes back what a machine was given before it gave
 * itself away (design section 6).
 */
import type { Happens, MessageVerdict } from '../../engine/index.ts'
import { contactById } from '../store/contacts.ts'
import type { Tx } from '../store/database.ts'
import { recentClicks } from '../store/journal.ts'
import { linesOf } from '../store/ledger.ts'
import { changeMessage, messageById } from '../store/messages.ts'
import { unclick, uncount } from '../store/retractions.ts'
import type { MessagesTable } from '../store/schema.ts'
import { recordFor } from './accept.ts'
import { record, type Runtime } from './process.ts'

/** Who follows the trap follows all links, shortly before or after. */
const TRAP_REACH = 10_000

/** Who stops getting mail by a link has this as the source of it. */
const UNSUBSCRIBE_LINK = 'unsubscribe link'

/** Writes down that the message was opened. Nothing where the message is gone. */
export async function recordOpen(
  tx: Tx,
  runtime: Runtime,
  message: string,
  machine: boolean,
  at: number,
): Promise<void> {
  const row = await messageById(tx, message)
  if (row) await recordFor(tx, runtime, row.contact_id, told(row, 'opened', at, machine))
}

/** Writes down a click on a link; one close to the trap is a machine's, whatever it looks like. */
export async function recordClick(
  tx: Tx,
  runtime: Runtime,
  message: string,
  link: string,
  machine: boolean,
  at: number,
): Promise<void> {
  const row = await messageById(tx, message)
  if (!row) return
  const trapped = row.trapped_at !== null && at - row.trapped_at <= TRAP_REACH
  const byMachine = machine || trapped
  await recordFor(tx, runtime, row.contact_id, { ...told(row, 'clicked', at, byMachine), link })
  if (!byMachine && row.clicked_at === null) await changeMessage(tx, message, { clicked_at: at })
}

/** Notes that the trap was followed, and takes back the clicks of the last moments. A trap sprung twice takes once. */
export async function springTrap(tx: Tx, runtime: Runtime, message: string, at: number): Promise<void> {
  const row = await messageById(tx, message)
  if (!row) return
  const since = at - TRAP_REACH
  for (const seq of await recentClicks(tx, row.contact_id, message, since)) {
    const lines = await linesOf(tx, row.contact_id, seq)
    await uncount(tx, seq)
    await recordFor(tx, runtime, row.contact_id, {
      kind: 'retract',
      at,
      occurredAt: at,
      late: false,
      of: seq,
      lines,
    })
  }
  await unclick(tx, message, since)
  await changeMessage(tx, message, { trapped_at: at })
}

/** Ends all newsletters and promotional mail to the person; again changes nothing. False where the message is gone. */
export async function unsubscribe(tx: Tx, runtime: Runtime, message: string, at: number): Promise<boolean> {
  const row = await messageById(tx, message)
  const contact = row && (await contactById(tx, row.contact_id))
  if (!contact) return false
  if (contact.consent.email.status === 'unsubscribed') return true
  const common = { at, occurredAt: at, late: false, message }
  await record(tx, runtime, contact, {
    ...common,
    kind: 'consent',
    purpose: 'email',
    status: 'unsubscribed',
    reason: UNSUBSCRIBE_LINK,
  })
  return true
}

function told(
  { id: message, enrollment, journey, step, visit }: MessagesTable,
  verdict: MessageVerdict,
  at: number,
  machine: boolean,
): Extract<Happens, { kind: 'message' }> {
  const common = { at, occurredAt: at, late: false, message, enrollment, journey, step, visit, verdict }
  return { ...common, kind: 'message', ...(machine && { machine }) }
}
