// Steps and conditions in few words, for journeys of `journeyOf`.
import type { Action, UpdateParams } from '../../engine/dialect/actions.ts'
import type { Condition } from '../../engine/dialect/conditions.ts'
import type { Step } from '../../engine/dialect/steps.ts'

export const end: Step = { type: 'final' }
const does = (kind: string, entry: Action, always: string): Step => ({
  meta: { kind } as Step['meta'] & object,
  entry,
  always,
})
export const update = (always: string, params: Partial<UpdateParams> = { add: 5 }) =>
  does('update', { type: 'updateAttribute', params: { attribute: 'SCORE', ...params } }, always)
export const email = (always: string, template = 'welcome') =>
  does('email', { type: 'sendEmail', params: { template, messageType: 'newsletter' } }, always)
export const sms = (always: string) =>
  does('sms', { type: 'sendSms', params: { text: 'Hi', messageType: 'newsletter' } }, always)
export const calls = (always: string, store?: { readonly [attribute: string]: string }) =>
  does(
    'webhook',
    {
      type: 'callWebhook',
      params: { url: 'https://crm.example.com', method: 'POST', ...(store && { store }) },
    },
    always,
  )
export const tells = (always: string) =>
  does('notify', { type: 'notify', params: { url: 'https://chat.example.com', text: 'Hi' } }, always)
/** A message of which the result is waited for. */
export const awaited = (step: Step, done: string, failed: string): Step => {
  const { always: _, ...rest } = step
  return { ...rest, on: { 'step.done': done, 'step.failed': failed }, after: { P1D: 'end' } }
}
export const stage = (always: string, to: 'retention' | 'acquisition' = 'acquisition') =>
  does('stage', { type: 'setStage', params: { stage: to } }, always)
export const join = (always: string, list = 'A') =>
  does('addToList', { type: 'addToList', params: { list } }, always)
export const quit = (always: string, list = 'A') =>
  does('removeFromList', { type: 'removeFromList', params: { list } }, always)
export const move = (always: string, list: string, ...from: string[]) =>
  does('moveToList', { type: 'moveToList', params: { list, ...(from.length > 0 && { from }) } }, always)
export const start = (always: string, journey: string) =>
  does('startJourney', { type: 'startJourney', params: { journey } }, always)
export const wait = (next: string): Step => ({ meta: { kind: 'wait' }, after: { P1D: next } })
export const guarded = (target: string, when: Condition) => ({
  target,
  guard: { type: 'holds' as const, params: { when } },
})
export const choose = (...branches: [...[target: string, when: Condition][], last: string]): Step => ({
  meta: { kind: 'condition' },
  always: branches.map((branch) => (typeof branch === 'string' ? branch : guarded(...branch))),
})
export const decay = (id: string, attribute = 'SCORE'): Step => ({
  meta: { kind: 'decay' },
  after: {
    'inactive P30D': {
      target: id,
      reenter: true,
      actions: [{ type: 'updateAttribute', params: { attribute, subtract: 10 } }],
    },
  },
})
export const score = (operator: '>' | '>=' | '<' | '<=' | '=' | '!=', value: number): Condition => ({
  field: 'SCORE',
  operator,
  value,
})
export const country = (operator: '=' | '!=' | '>', value: string | number) =>
  ({ field: 'COUNTRY', operator, value }) as Condition
