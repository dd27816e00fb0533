/** What became of a message, as its journey hears of it. */
import type { FailureReason, Happens, JsonObject, MessageVerdict } from '../../engine/index.ts'
import type { Tx } from '../store/database.ts'
import { changeMessage } from '../store/messages.ts'
import type { MessagesTable } from '../store/schema.ts'
import { recordFor } from './accept.ts'
import type { Runtime } from './process.ts'

interface Told {
  readonly reason?: FailureReason
  /** Of a webhook's answer: what is written to attributes. */
  readonly stored?: JsonObject | undefined
}

/** Tells the journey, as an entry of its contact's journal. */
export async function tell(
  tx: Tx,
  runtime: Runtime,
  row: MessagesTable,
  verdict: MessageVerdict,
  now: number,
  { reason, stored = {} }: Told = {},
): Promise<undefined> {
  const { id: message, channel, enrollment, journey, step, visit } = row
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
    ...(channel !== 'email' && { channel }),
    verdict,
    ...(reason && { reason }),
    ...(Object.keys(stored).length > 0 && { stored }),
  }
  await recordFor(tx, runtime, row.contact_id, entry)
}

/** Settles a message that does not go out: skipped by a rule, or discarded by a person. It counts for no brake. */
export async function settleUnsent(
  tx: Tx,
  runtime: Runtime,
  row: MessagesTable,
  status: 'skipped' | 'discarded',
  { reason, detail }: { readonly reason: FailureReason; readonly detail: string },
  now: number,
): Promise<undefined> {
  await changeMessage(tx, row.id, { status, reason: detail, next_at: null, counted_at: null })
  return tell(tx, runtime, row, 'skipped', now, { reason })
}
