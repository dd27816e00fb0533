/**
 * Takes messages from their rows to the world, at most once: `sending` is committed before the SMTP dialogue begins, and
 * what is in doubt stays in doubt until a person decides. Consent is looked at here, at the moment of sending.
 */
import { againOf, mayReceive, type Contact, type MessageType } from '../../engine/index.ts'
import type { Verdict } from '../channels/verdict.ts'
import type { Brakes } from '../messages/brakes.ts'
import type { Runtime } from '../runtime/process.ts'
import type { Turns } from '../runtime/turns.ts'
import { settleUnsent, tell } from '../runtime/verdicts.ts'
import { contactById } from '../store/contacts.ts'
import type { Database, Tx } from '../store/database.ts'
import { isPaused, versionOf, type PublishedVersion } from '../store/journeys.ts'
import { changeMessage, insertLinks, interruptedMessages, leaseFrom, messageById } from '../store/messages.ts'
import { keepsPace, whyCapped } from './brakes.ts'
import { conclude, doubt, SENDER_ENDED } from './conclude.ts'
import { outgoing, type Outgoing, type OutgoingDeps } from './outgoing.ts'
import type { MessagesTable } from '../store/schema.ts'

export interface SendingDeps extends OutgoingDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
  readonly resendUncertain: boolean
}

/** A message of which `sending` is written down: once that is committed it may leave. */
export interface Taken {
  readonly row: MessagesTable
  readonly message: Outgoing
  /** Hands it over, once. */
  readonly send: () => Promise<Verdict>
}

/** Hands a message over, and writes down what became of it. */
export async function deliver(deps: SendingDeps, { row, message, send }: Taken): Promise<void> {
  const verdict = await send()
  await deps.turns.run((tx) => conclude(tx, deps, row, verdict, message), { contacts: [row.contact_id] })
}

/** A message that may go out, and whose it was when it was found. */
interface Addressed {
  readonly id: string
  readonly contactId: string
}

/**
 * Takes the message, or settles it where it may not be sent; nothing where there is nothing to hand over. Whose it is was
 * read before, and is locked first: what is read of the message then stays true.
 */
export async function take(
  tx: Tx,
  deps: SendingDeps,
  brakes: Brakes,
  { id, contactId }: Addressed,
): Promise<Taken | undefined> {
  const contact = await contactById(tx, contactId)
  const row = await messageById(tx, id)
  // A merge may have given it to somebody else meanwhile: then it is found again.
  if (!row || row.contact_id !== contact?.id || !isDue(row, deps.now())) return undefined
  if (await isPaused(tx, row.journey)) return undefined
  const allowed = mayReceive(contact, row.channel, row.message_type as MessageType)
  if (!allowed.ok) return settleUnsent(tx, deps.runtime, row, 'skipped', allowed, deps.now())
  const version = await versionOf(tx.db, row.journey, row.version)
  if (version?.isTakenBack) return settleUnsent(tx, deps.runtime, row, 'discarded', TAKEN_BACK, deps.now())
  if (!(await passesBrakes(tx, deps, brakes, row, version))) return undefined
  return prepared(tx, deps, row, contact, version)
}

/** Its time had not come when the version was taken back, and the work of discarding has not got to it yet. */
const TAKEN_BACK = { reason: 'discarded', detail: 'not sent: the version was taken back' } as const

function isDue({ status, next_at }: MessagesTable, now: number): boolean {
  return (status === 'queued' || status === 'retry') && next_at !== null && next_at <= now
}

/** Whether the brakes let it go; else it is skipped, or held. */
async function passesBrakes(
  tx: Tx,
  deps: SendingDeps,
  brakes: Brakes,
  row: MessagesTable,
  version: PublishedVersion | undefined,
): Promise<boolean> {
  const about = { row, brakes, zone: deps.runtime.zone, now: deps.now() }
  const cap = await whyCapped(tx, about, version && againOf(version.journey, row.step))
  if (cap !== undefined) {
    const refusal = { reason: 'capped', detail: `not sent: ${cap}` } as const
    await settleUnsent(tx, deps.runtime, row, 'skipped', refusal, deps.now())
  }
  return cap === undefined && keepsPace(tx, about, version)
}

/** Makes the message as its contact is now; answers it where it is to leave. */
async function prepared(
  tx: Tx,
  deps: SendingDeps,
  row: MessagesTable,
  contact: Contact,
  version: PublishedVersion | undefined,
): Promise<Taken | undefined> {
  const message = await outgoing(tx, deps, row, contact, version)
  if (!message.ok) {
    const { reason, detail } = message
    if (reason === 'no_address')
      return settleUnsent(tx, deps.runtime, row, 'skipped', { reason, detail }, deps.now())
    return conclude(tx, deps, row, { type: 'failed', reason, detail })
  }
  await insertLinks(tx, row.id, message.links)
  const { send, to: to_address } = message
  if (!send) return capture(tx, deps, row, message)
  const attempts = row.attempts + 1
  const sending = {
    status: 'sending',
    attempts,
    next_at: null,
    counted_at: deps.now(),
    lease_until: leaseFrom(Date.now()),
    to_address,
  } as const
  await changeMessage(tx, row.id, sending)
  return { row: { ...row, ...sending }, message, send }
}

/** Keeps the message in the mailbox, exactly as it would have gone out. It counts as sent. */
async function capture(tx: Tx, deps: SendingDeps, row: MessagesTable, message: Outgoing): Promise<undefined> {
  const now = deps.now()
  await changeMessage(tx, row.id, {
    status: 'captured',
    next_at: null,
    counted_at: now,
    sent_at: now,
    reason: message.keptBecause,
    to_address: message.to,
    subject: message.subject,
    content: JSON.stringify(message.kept),
  })
  await tell(tx, deps.runtime, row, 'sent', now)
}

/**
 * What a process that ended was sending, as far as it is taken to be alive no longer than `until` by the machine's clock:
 * whether those messages arrived nobody knows.
 */
export async function settleInterrupted(deps: SendingDeps, until: number): Promise<void> {
  for (const { id, contactId } of await interruptedMessages(deps.database.read, until)) {
    const settle = async (tx: Tx) => {
      await tx.hold([contactId])
      const row = await messageById(tx, id)
      if (row?.status === 'sending' && (row.lease_until ?? 0) <= until)
        await doubt(tx, deps, row, SENDER_ENDED)
    }
    await deps.turns.run(settle, { contacts: [contactId] })
  }
}
