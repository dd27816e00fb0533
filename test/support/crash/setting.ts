// What the crash tests run: journeys that leave one line in a score of its own for each thing that must happen once, and
// an SMTP server that thinks before it answers.
import { setTimeout as delay } from 'node:timers/promises'
import type { Journey, Step } from '../../../engine/index.ts'
import type { Api } from '../api.ts'
import { END, update, wait } from '../entries.ts'
import { journeyOf, triggerTo } from '../journeys.ts'
import { startSmtpServer, type TestSmtpServer } from '../smtp.ts'
import { randomOf } from './random.ts'

export const KINDS = ['count', 'mail', 'mail-result', 'wait', 'wait-mail'] as const
export type Kind = (typeof KINDS)[number]
/** How often each comes among twenty. */
export const MIX: { readonly [kind in Kind]: number } = {
  count: 12,
  mail: 2,
  'mail-result': 2,
  wait: 3,
  'wait-mail': 1,
}

const MAIL: Step['entry'] = {
  type: 'sendEmail',
  params: {
    subject: 'Hello',
    html: '<p>Hello <a href="https://acme.io/x">you</a></p>',
    messageType: 'transactional',
  },
}

const JOURNEYS: readonly Journey[] = [
  of('count', { one: one('COUNTED', 'end'), end: END }),
  of('mail', { mail: { meta: { kind: 'email' }, entry: MAIL, always: 'end' }, end: END }),
  of('mail-result', {
    mail: {
      meta: { kind: 'email' },
      entry: MAIL,
      on: { 'step.done': 'done', 'step.failed': 'doubt' },
      after: { P3D: 'end' },
    },
    done: one('MAILED', 'end'),
    doubt: one('DOUBTED', 'end'),
    end: END,
  }),
  of('wait', { a: wait('PT1S', 'b'), b: wait('PT2S', 'one'), one: one('WAITED', 'end'), end: END }),
  of('wait-mail', {
    a: wait('PT1S', 'mail'),
    mail: { meta: { kind: 'email' }, entry: MAIL, always: 'end' },
    end: END,
  }),
]

function of(id: Kind, states: Journey['states']): Journey {
  const first = Object.keys(states)[0] ?? 'end'
  return journeyOf(states, {
    id,
    meta: { reentry: { policy: 'parallel' } },
    on: { [`try-${id}`]: triggerTo(first) },
  })
}

function one(attribute: string, always: string): Step {
  return update({ attribute, add: 1 }, always)
}

/** Publishes the journeys and takes the brakes off: a load is more than anybody should get. */
export async function prepare(api: Api): Promise<void> {
  const off = {
    firstHour: null,
    perHour: null,
    again: null,
    promotionalPerDay: null,
    promotionalPerWeek: null,
  }
  await api.must('PUT', '/brakes', off)
  for (const journey of JOURNEYS) await api.publish(journey)
}

/** Servers think before they answer, and the sender may be killed meanwhile. */
export function startSlowSmtp(seed: number): Promise<TestSmtpServer> {
  const random = randomOf(seed)
  return startSmtpServer({ onMessage: () => delay(random() * 30, 'accept' as const) })
}

export function realMail(smtp: TestSmtpServer) {
  return {
    SMTP_URL: smtp.url,
    BASE_URL: 'https://go.nordlicht-lampen.de',
    MAIL_FROM: 'Nordlicht <hallo@nordlicht-lampen.de>',
    COMPANY_NAME: 'Nordlicht',
    COMPANY_ADDRESS: 'Hafenstraße 7, Hamburg',
    COMPANY_URL: 'https://www.nordlicht-lampen.de',
  }
}
