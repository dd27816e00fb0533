/** What may become of a message that is waited for: the event and the condition that together say so. Pure. */
import { channelOf, INTERNAL_EVENTS, type Condition } from '../../../engine/index.ts'
import type { Draft } from '../document/draft.ts'

export const MESSAGE_FACTS = ['opened', 'clicked', 'delivered', 'bounced', 'failed'] as const
export type Fact = (typeof MESSAGE_FACTS)[number]

/** Which message is waited for, and what of it; undefined where it is anything else. */
export function messageFactOf(
  event: string | null,
  when: Condition | undefined,
): { readonly message: string; readonly was: Fact } | undefined {
  if (event === null || when === undefined || !('message' in when)) return undefined
  if (typeof when.message !== 'string') return undefined
  const was = MESSAGE_FACTS.find((fact) => fact === when.was)
  return was !== undefined && /^(?:email|sms)\./.test(event) ? { message: when.message, was } : undefined
}

/** The event and the condition that say what becomes of a message. An SMS cannot be opened or bounce: then it is a click, or a failure. */
export function messageWaited(draft: Draft, message: string, was: Fact): [event: string, when: Condition] {
  const step = draft.states[message]
  const channel = step && channelOf(step) === 'sms' ? 'sms' : 'email'
  const fact = `${channel}.${was}` in INTERNAL_EVENTS ? was : was === 'opened' ? 'clicked' : 'failed'
  return [`${channel}.${fact}`, { message, was: fact }]
}
