/**
 * Takes messages from their rows to the world, at most once: `sending` is committed before the SMTP dialogue begins, and
 * what is in doubt stays in doubt until a person decides. Consent is looked at here, at the moment of sending.
 */
import {
  mayReceive,
  type Contact,
  type FailureReason,
  type Happens,
  type Json,
  type MessageType,
  type MessageVerdict,
} from '../../engine/index.ts'
import { isReserved, type SmtpChannel, type Verdict } from '../channels/smtp.ts'
import { compose, type Composition, type Sender } from '../messages/compose.ts'
import { retryDelay } from '../messages/retries.ts'
import { recordFor } from '../runtime/accept.ts'
import type { Runtime } from '../runtime/process.ts'
import type { Turns } from '../runtime/turns.ts'
import { contactById } from '../store/contacts.ts'
import type { Database, Tx } from '../store/database.ts'
import { journeyRow, versionOf } from '../store/journeys.ts'
import {
  changeMessage,
  insertLinks,
  interruptedMessages,
  messageById,
  moveMessage,
  waitingMessages,
} from '../store/messages.ts'
import { addProblem } from '../store/problems.ts'
import { enrollmentById } from '../store/enrollments.ts'
import { settled } from './worker.ts'
import type { MessagesTable } from '../store/schema.ts'

export interface SendingDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
  readonly sender: Sender
  readonly secret: string
  readonly now: () => number
  /** Null: every message is kept in the mailbox and none is sent. */
  readonly smtp: SmtpChannel | null
  readonly resendUncertain: boolean
}

const AT_ONCE = 10
/** A message that could not even be written is tried again after so long. */
const AFTER_FAILURE = 3_600_000

/** A message on its way: what is needed to write it. */
interface Taken {
  readonly row: MessagesTable
  readonly composition: Composition
  readonly captured: boolean
}

/** Sends what may go out by now, until nothing is left or the server is `stopping`. */
export async function sendWaiting(deps: SendingDeps, stopping = () => false): Promise<void> {
  for (;;) {
    const ids = await waitingMessages(deps.database.read, deps.now(), AT_ONCE)
    if (ids.length === 0 || stopping()) return
    await settled(ids.map((id) => sendOne(deps, id)))
  }
}

async function sendOne(deps: SendingDeps, id: string): Promise<void> {
  const taken = await deps.turns
    .run((tx) => take(tx, deps, id))
    .catch((error: unknown) => putOff(deps, id, error))
  if (!taken) return
  const { composition, captured } = taken
  if (!composition.ok)
    return finish(deps, taken, { type: 'failed', reason: 'refused', detail: composition.detail })
  if (captured || !deps.smtp) return deps.turns.run((tx) => capture(tx, deps, taken))
  return finish(deps, taken, await deps.smtp.send(composition.mail))
}

/** A message whose writing threw must hold up nobody else: it is put off, and thrown on for the log. */
async function putOff(deps: SendingDeps, id: string, error: unknown): Promise<never> {
  await deps.turns.run((tx) =>
    moveMessage(tx, id, ['queued', 'retry'], { next_at: deps.now() + AFTER_FAILURE }),
  )
  throw error
}

/** Claims the message in a transaction of its own, or settles it where it may not be sent. */
async function take(tx: Tx, deps: SendingDeps, id: string): Promise<Taken | undefined> {
  const row = await messageById(tx, id)
  if (!row || (row.status !== 'queued' && row.status !== 'retry')) return undefined
  if ((await journeyRow(tx.db, row.journey))?.status === 'paused') return undefined
  const contact = await contactById(tx, row.contact_id)
  if (!contact) throw new Error(`message ${id} is for a contact that is gone`)
  const allowed = mayReceive(contact, 'email', row.message_type as MessageType)
  if (!allowed.ok) {
    await skip(tx, deps, row, allowed.reason, allowed.detail)
    return undefined
  }
  const composition = await write(tx, deps, row, contact)
  const captured = deps.smtp === null || (contact.email !== null && isReserved(contact.email))
  if (composition.ok) await insertLinks(tx, id, composition.links)
  if (captured) return { row, composition, captured }
  const claimed = await moveMessage(tx, id, ['queued', 'retry'], {
    status: 'sending',
    attempts: row.attempts + 1,
    next_at: null,
    to_address: contact.email,
  })
  const sending = { ...row, attempts: row.attempts + 1, to_address: contact.email }
  return claimed ? { row: sending, composition, captured } : undefined
}

/** Renders the message from its version's own mails. */
async function write(
  tx: Tx,
  { sender, secret, now }: SendingDeps,
  row: MessagesTable,
  contact: Contact,
): Promise<Composition> {
  const version = await versionOf(tx.db, row.journey, row.version)
  const entry = version?.journey.states[row.step]?.entry
  if (!version || entry?.type !== 'sendEmail')
    return { ok: false, detail: 'the version that asked for it is gone' }
  const template = 'template' in entry.params ? version.templates[entry.params.template] : entry.params
  if (!template) return { ok: false, detail: 'the version has no such template' }
  const enrollment = await enrollmentById(tx, row.enrollment)
  const event: Json = enrollment?.properties ?? {}
  return compose({
    message: row.id,
    journey: row.journey,
    contact,
    template,
    messageType: row.message_type as MessageType,
    facts: { event, message_type: row.message_type },
    workspace: sender,
    secret,
    now: now(),
  })
}

async function skip(
  tx: Tx,
  deps: SendingDeps,
  row: MessagesTable,
  reason: FailureReason,
  detail: string,
): Promise<void> {
  await changeMessage(tx, row.id, { status: 'skipped', reason: detail, next_at: null })
  await tell(tx, deps, row, 'skipped', deps.now(), reason)
}

/** Keeps the message in the mailbox, exactly as SMTP would have got it. It counts as sent. */
async function capture(tx: Tx, deps: SendingDeps, { row, composition }: Taken): Promise<void> {
  if (!composition.ok) return
  const now = deps.now()
  const { to, subject, html, text, headers, messageId } = composition.mail
  const content = JSON.stringify({ html, text, headers, messageId })
  const kept = await moveMessage(tx, row.id, ['queued', 'retry'], {
    status: 'captured',
    next_at: null,
    sent_at: now,
    reason:
      deps.smtp === null ? null : 'Kept here: addresses of this domain are reserved for examples and tests',
    to_address: to,
    subject,
    content,
  })
  if (kept) await tell(tx, deps, row, 'sent', now)
}

/** Writes down what became of a message, and tells its journey. */
async function finish(deps: SendingDeps, { row, composition }: Taken, verdict: Verdict): Promise<void> {
  const subject = composition.ok ? composition.mail.subject : null
  await deps.turns.run(async (tx) => {
    const now = deps.now()
    const from = ['sending', 'queued', 'retry'] as const
    if (verdict.type === 'sent') {
      await moveMessage(tx, row.id, from, { status: 'sent', sent_at: now, subject, reason: null })
      return tell(tx, deps, row, 'sent', now)
    }
    const delay = verdict.type === 'retry' ? retryDelay(row.attempts) : undefined
    if (typeof delay === 'number') {
      await moveMessage(tx, row.id, from, { status: 'retry', next_at: now + delay, reason: verdict.detail })
      return tx.alarm({ send: row.id, at: now + delay })
    }
    if (verdict.type === 'uncertain') return doubt(tx, deps, row, verdict.detail)
    const reason: FailureReason = verdict.type === 'failed' ? verdict.reason : 'gave_up'
    await moveMessage(tx, row.id, from, { status: 'failed', subject, reason: verdict.detail, next_at: null })
    await addProblem(tx, {
      severity: 'warning',
      code: 'message_failed',
      path: '',
      detail: `E-mail could not be sent: ${verdict.detail}`,
      at: now,
      contact_id: row.contact_id,
      journey: row.journey,
    })
    await tell(tx, deps, row, reason === 'bounced' ? 'bounced' : 'failed', now, reason)
  })
}

/** Nobody knows whether it arrived: shown, and sent again only by a person, or where the operator chose so for all. */
async function doubt(tx: Tx, deps: SendingDeps, row: MessagesTable, detail: string): Promise<void> {
  // At the pace of every other repetition, and not for ever: a server that always breaks off may deliver each time.
  const delay = deps.resendUncertain ? retryDelay(row.attempts) : 'give_up'
  if (delay !== 'give_up') {
    const at = deps.now() + delay
    await moveMessage(tx, row.id, ['sending'], { status: 'retry', next_at: at, reason: detail })
    return tx.alarm({ send: row.id, at })
  }
  const moved = await moveMessage(tx, row.id, ['sending'], { status: 'uncertain', reason: detail })
  if (!moved) return
  await addProblem(tx, {
    severity: 'warning',
    code: 'message_uncertain',
    path: '',
    detail: `We do not know whether an e-mail to ${row.to_address ?? 'this contact'} arrived: ${detail}`,
    at: deps.now(),
    contact_id: row.contact_id,
    journey: row.journey,
  })
  await tell(tx, deps, row, 'uncertain', deps.now(), 'uncertain')
}

/** What a process that ended was sending: whether those mails arrived nobody knows. */
export async function settleInterrupted(deps: SendingDeps): Promise<void> {
  for (const id of await interruptedMessages(deps.database.read)) {
    await deps.turns.run(async (tx) => {
      const row = await messageById(tx, id)
      if (row?.status === 'sending') await doubt(tx, deps, row, 'the server ended while it was being sent')
    })
  }
}

async function tell(
  tx: Tx,
  deps: SendingDeps,
  row: MessagesTable,
  verdict: MessageVerdict,
  now: number,
  reason?: FailureReason,
): Promise<void> {
  const { id: message, enrollment, journey, step, visit } = row
  const entry: Happens = {
    kind: 'message',
    at: now,
    occurredAt: now,
    late: false,
    message,
    enrollment,
    journey,
    step,
    visit,
    verdict,
    ...(reason && { reason }),
  }
  await recordFor(tx, deps.runtime, row.contact_id, entry)
}
