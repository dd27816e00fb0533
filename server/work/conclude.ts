/** What became of one attempt: written down, told to the journey, and where a person should know of it, shown. */
import type { Channel, FailureReason, MessageVerdict } from '../../engine/index.ts'
import type { Verdict } from '../channels/verdict.ts'
import { retryDelay } from '../messages/retries.ts'
import type { Runtime } from '../runtime/process.ts'
import { tell } from '../runtime/verdicts.ts'
import type { Tx } from '../store/database.ts'
import { moveMessage } from '../store/messages.ts'
import { addProblem, closeSame } from '../store/problems.ts'
import type { MessagesTable } from '../store/schema.ts'
import type { Outgoing } from './outgoing.ts'

export interface ConcludeDeps {
  readonly runtime: Runtime
  readonly now: () => number
  readonly resendUncertain: boolean
}

/** Where a message may stand when its attempt ends; one that could not even be made was not begun. */
const ON_ITS_WAY = ['sending', 'queued', 'retry'] as const

/** `message`: what went out; none where it could not be made. */
export async function conclude(
  tx: Tx,
  deps: ConcludeDeps,
  row: MessagesTable,
  verdict: Verdict,
  message?: Outgoing,
): Promise<undefined> {
  const subject = message?.subject ?? null
  if (verdict.type !== 'uncertain') await endDoubt(tx, row)
  switch (verdict.type) {
    case 'sent': {
      const now = deps.now()
      const change = { status: 'sent', sent_at: now, subject, reason: null } as const
      if (!(await moveMessage(tx, row.id, ON_ITS_WAY, change))) return undefined
      const stored = verdict.answer === undefined ? {} : message?.stored(verdict.answer)
      return tell(tx, deps.runtime, row, 'sent', now, { stored })
    }
    case 'retry': {
      const delay = retryDelay(row.attempts)
      return delay === 'give_up'
        ? failed(tx, deps, row, subject, verdict.detail, { verdict: 'failed', reason: 'gave_up' })
        : later(tx, deps, row, Math.max(delay, verdict.after ?? 0), verdict.detail)
    }
    case 'uncertain':
      return doubt(tx, deps, row, verdict.detail)
    case 'failed':
      return failed(tx, deps, row, subject, verdict.detail, learnt(verdict.reason, row.channel))
  }
}

/** What a process that ended was sending is in doubt, for this reason. */
export const SENDER_ENDED = 'the server ended while it was being sent'

/** The process that sent it was taken to be gone, and was only slow: what it knows puts an end to the doubt. */
async function endDoubt(tx: Tx, row: MessagesTable): Promise<void> {
  if (await moveMessage(tx, row.id, ['uncertain'], { status: 'sending' }))
    await closeSame(tx, 'message_uncertain', inDoubt(row, SENDER_ENDED))
}

function inDoubt({ channel, to_address }: MessagesTable, detail: string): string {
  return `We do not know whether ${IN_DOUBT[channel]} to ${to_address ?? 'this contact'} arrived: ${detail}`
}

async function later(
  tx: Tx,
  { now }: ConcludeDeps,
  { id }: MessagesTable,
  delay: number,
  detail: string,
): Promise<undefined> {
  const at = now() + delay
  await moveMessage(tx, id, ON_ITS_WAY, { status: 'retry', next_at: at, reason: detail })
  tx.alarm({ send: id, at })
}

interface Learnt {
  readonly verdict: MessageVerdict
  readonly reason: FailureReason
}

/** What a refusal says of the person: of the team's own addresses, nothing. */
function learnt(reason: Extract<Verdict, { type: 'failed' }>['reason'], channel: Channel): Learnt {
  if (reason === 'stopped') return { verdict: 'stopped', reason: 'unreachable' }
  if (reason === 'bounced' && channel === 'email') return { verdict: 'bounced', reason: 'bounced' }
  return { verdict: 'failed', reason: 'refused' }
}

async function failed(
  tx: Tx,
  { runtime, now }: ConcludeDeps,
  row: MessagesTable,
  subject: string | null,
  detail: string,
  { verdict, reason }: Learnt,
): Promise<undefined> {
  const change = { status: 'failed', subject, reason: detail, next_at: null, counted_at: null } as const
  if (!(await moveMessage(tx, row.id, ON_ITS_WAY, change))) return undefined
  await addProblem(tx, {
    severity: 'warning',
    code: 'message_failed',
    path: '',
    detail: `${FAILED[row.channel]}: ${detail}`,
    at: now(),
    contact_id: row.contact_id,
    journey: row.journey,
  })
  return tell(tx, runtime, row, verdict, now(), { reason })
}

const FAILED: { readonly [channel in Channel]: string } = {
  email: 'E-mail could not be sent',
  sms: 'SMS could not be sent',
  webhook: 'Webhook could not be called',
  notice: 'The team could not be told',
}
const IN_DOUBT: { readonly [channel in Channel]: string } = {
  email: 'an e-mail',
  sms: 'an SMS',
  webhook: 'a call',
  notice: 'a notice',
}
/** A receiver knows a call that is repeated, and the team had better hear something twice than never. */
const REPEATABLE: readonly Channel[] = ['webhook', 'notice']

/** Nobody knows whether it arrived: shown, and sent again only by a person, or where the operator chose so for all. */
export async function doubt(
  tx: Tx,
  deps: ConcludeDeps,
  row: MessagesTable,
  detail: string,
): Promise<undefined> {
  // At the pace of every other repetition, and not for ever: a server that always breaks off may deliver each time.
  const repeats = deps.resendUncertain || REPEATABLE.includes(row.channel)
  const delay = repeats ? retryDelay(row.attempts) : 'give_up'
  if (delay !== 'give_up') return later(tx, deps, row, delay, detail)
  const moved = await moveMessage(tx, row.id, ['sending'], { status: 'uncertain', reason: detail })
  if (!moved) return undefined
  await addProblem(tx, {
    severity: 'warning',
    code: 'message_uncertain',
    path: '',
    detail: inDoubt(row, detail),
    at: deps.now(),
    contact_id: row.contact_id,
    journey: row.journey,
  })
  return tell(tx, deps.runtime, row, 'uncertain', deps.now(), { reason: 'uncertain' })
}
