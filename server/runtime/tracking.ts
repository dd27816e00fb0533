/**
 * What mail clients, scanners and people do with a message that arrived: each is decided and written in one transaction.
 * A machine's open or click is written down and worth nothing; a trap takes back what a machine was given before it gave
 * itself away (design section 6).
 */
import type { Happens, MessageVerdict } from '../../engine/index.ts'
import type { SmsReport } from '../ingest/smsReport.ts'
import { contactById } from '../store/contacts.ts'
import type { Tx } from '../store/database.ts'
import { recentClicks } from '../store/journal.ts'
import { linesOf } from '../store/ledger.ts'
import { changeMessage, messageById, moveMessage } from '../store/messages.ts'
import { addProblem } from '../store/problems.ts'
import { unclick, uncount } from '../store/retractions.ts'
import type { MessagesTable } from '../store/schema.ts'
import { recordFor } from './accept.ts'
import { record, type Runtime } from './process.ts'
import { tell } from './verdicts.ts'

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
  const clicks = await recentClicks(tx, row.contact_id, message, since)
  for (const seq of clicks) {
    const lines = await linesOf(tx, row.contact_id, seq)
    await uncount(tx, seq)
    if (seq === clicks.at(-1)) await unclick(tx, message, since)
    await recordFor(tx, runtime, row.contact_id, {
      kind: 'retract',
      at,
      occurredAt: at,
      late: false,
      of: seq,
      lines,
    })
  }
  await changeMessage(tx, message, { trapped_at: at })
}

/** Writes down what became of an SMS after the provider had taken it; told again, it changes nothing. */
export async function recordReport(
  tx: Tx,
  runtime: Runtime,
  message: string,
  { verdict, detail }: SmsReport,
  at: number,
): Promise<void> {
  const row = await messageById(tx, message)
  if (!row || row.delivered_at !== null) return
  const arrived = verdict === 'delivered'
  const changed = await moveMessage(tx, message, ['sent', 'uncertain'], {
    status: arrived ? 'sent' : 'failed',
    sent_at: row.sent_at ?? at,
    delivered_at: arrived ? at : null,
    reason: arrived ? null : detail,
  })
  if (!changed) return
  if (arrived) return tell(tx, runtime, row, verdict, at)
  await addProblem(tx, {
    severity: 'warning',
    code: 'message_failed',
    path: '',
    detail: `SMS did not arrive: ${detail}`,
    at,
    contact_id: row.contact_id,
    journey: row.journey,
  })
  await tell(tx, runtime, row, verdict, at, { reason: verdict === 'stopped' ? 'unreachable' : 'refused' })
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
  { id: message, channel, enrollment, journey, step, visit }: MessagesTable,
  verdict: MessageVerdict,
  at: number,
  machine: boolean,
): Extract<Happens, { kind: 'message' }> {
  const common = { at, occurredAt: at, late: false, message, enrollment, journey, step, visit, verdict }
  return { ...common, kind: 'message', ...(channel !== 'email' && { channel }), ...(machine && { machine }) }
}
