// What happens to one contact, for tests: entries in few words, and journeys lived through without a server.
import {
  catalogueOf,
  fold,
  inPoints,
  newContact,
  newHistory,
  simulate,
  type Catalogue,
  type Condition,
  type Contact,
  type Enrollment,
  type Entry,
  type Happens,
  type History,
  type Journey,
  type JsonObject,
  type Simulation,
  type Step,
  type UpdateParams,
  type WebhookParams,
} from '../../engine/index.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
/** Noon on 4 May 2026, a Monday, UTC. */
export const START = Date.UTC(2026, 4, 4, 12)

// ---- Steps in few words --------------------------------------------------------------------------------------------

export const END: Step = { type: 'final' }

export function points(add: number, always: string, more: Partial<UpdateParams> = {}): Step {
  return update({ attribute: 'SCORE', add, ...more }, always)
}

export function update(params: UpdateParams, always: string): Step {
  return { meta: { kind: 'update' }, entry: { type: 'updateAttribute', params }, always }
}

export function list(name: string, always: string): Step {
  return { meta: { kind: 'addToList' }, entry: { type: 'addToList', params: { list: name } }, always }
}

export function mail(always: string): Step {
  return {
    meta: { kind: 'email' },
    entry: { type: 'sendEmail', params: { template: 'welcome', messageType: 'promotional' } },
    always,
  }
}

/** An e-mail step that goes on only when it is known what became of the message. */
export function mailWithResult(done: string, failed: string, timeOut: string): Step {
  return {
    meta: { kind: 'email' },
    entry: { type: 'sendEmail', params: { template: 'welcome', messageType: 'promotional' } },
    on: { 'step.done': done, 'step.failed': failed },
    after: { P3D: timeOut },
  }
}

export function sms(always: string): Step {
  return {
    meta: { kind: 'sms' },
    entry: { type: 'sendSms', params: { text: 'Shall we talk?', messageType: 'promotional' } },
    always,
  }
}

/** An SMS step that goes on only when it is known what became of the message. */
export function smsWithResult(done: string, failed: string, timeOut: string): Step {
  const { always: _, ...step } = sms('')
  return { ...step, on: { 'step.done': done, 'step.failed': failed }, after: { P3D: timeOut } }
}

/** A webhook that goes on with its answer; `more` are further parts of what is called. */
export function webhook(
  done: string,
  failed: string,
  timeOut: string,
  more: Partial<WebhookParams> = {},
): Step {
  return {
    meta: { kind: 'webhook' },
    entry: { type: 'callWebhook', params: { url: 'https://crm.example.com/leads', method: 'POST', ...more } },
    on: { 'step.done': done, 'step.failed': failed },
    after: { P1D: timeOut },
  }
}

export function notify(always: string): Step {
  const params = { to: ['sales@nordlicht-lampen.de'], subject: 'A lead', text: '{{ contact.EMAIL }}' }
  return { meta: { kind: 'notify' }, entry: { type: 'notify', params }, always }
}

/** A split into shares of so many percent, each with where it leads. */
export function split(
  ...shares: readonly (readonly [percent: number, target: string, label?: string])[]
): Step {
  return {
    meta: { kind: 'split' },
    always: shares.map(([percent, target, label], index) => {
      const from = shares.slice(0, index).reduce((sum, [before]) => sum + before, 0)
      const guard = { type: 'share' as const, params: { from, to: from + percent } }
      return { target, guard, ...(label !== undefined && { meta: { label } }) }
    }),
  }
}

export function wait(delay: string, target: string): Step {
  return { meta: { kind: 'wait' }, after: { [delay]: target } }
}

export function waitFor(on: NonNullable<Step['on']>, after: { readonly [delay: string]: string } = {}): Step {
  return { meta: { kind: 'waitFor' }, on, after }
}

export function startJourney(journey: string, always: string): Step {
  return { meta: { kind: 'startJourney' }, entry: { type: 'startJourney', params: { journey } }, always }
}

// ---- Entries -------------------------------------------------------------------------------------------------------

type Of<Kind extends Entry['kind']> = Extract<Happens, { kind: Kind }>

/** A client's event so many hours after the start. */
export function event(
  name: string,
  hour = 0,
  properties: JsonObject = {},
  more: Partial<Of<'event'>> = {},
): Of<'event'> {
  const at = START + hour * HOUR
  return { kind: 'event', at, occurredAt: at, late: false, name, properties, active: true, ...more }
}

/** An event that is accepted now and occurred so many hours after the start, long ago. */
export function lateEvent(name: string, hour: number, occurred: number, properties: JsonObject = {}) {
  return event(name, hour, properties, { occurredAt: START + occurred * HOUR, late: true })
}

export function identify(identification: Of<'identify'>['identification'], hour = 0): Of<'identify'> {
  return { kind: 'identify', ...time(hour), identification }
}

export function time(hour: number) {
  const at = START + hour * HOUR
  return { at, occurredAt: at, late: false }
}

/** Any other entry, so many hours after the start. */
export function entry<Kind extends Entry['kind']>(
  kind: Kind,
  hour: number,
  more: Omit<Of<Kind>, 'kind' | 'at' | 'occurredAt' | 'late' | 'creates'>,
): Happens {
  return { kind, ...time(hour), ...more } as unknown as Happens
}

/** A verdict on the newest message of a step, as it comes back so many hours after the start. */
export function verdict(
  journey: string,
  step: string,
  what: Of<'message'>['verdict'],
  hour: number,
  more: Partial<Of<'message'>> = {},
) {
  return {
    at: START + hour * HOUR,
    happens: ({ messages, history }: Simulation): Happens | undefined => {
      const sent = messages.findLast((message) => message.journey === journey && message.step === step)
      if (!sent) return undefined
      const [enrollment, , visit] = sent.message.split('/') as [string, string, string]
      const known = history.enrollments.some(({ id }) => id === enrollment)
      if (!known) throw new Error(`no passage ${enrollment}`)
      return entry('message', hour, {
        message: sent.message,
        enrollment,
        journey,
        step,
        visit: Number(visit),
        ...(sent.channel !== 'email' && { channel: sent.channel }),
        verdict: what,
        ...more,
      })
    },
  }
}

// ---- Living through it ---------------------------------------------------------------------------------------------

/** A person who has agreed to everything and is reachable. */
export function ada(more: Partial<Contact> = {}): Contact {
  const yes = { status: 'subscribed', at: START, source: 'test' } as const
  const consent = { email: yes, sms: yes, profiling: yes }
  return { ...newContact('ada', START), email: 'ada@nordlicht-lampen.de', consent, ...more }
}

/** All journeys published and open, each in its first version. */
export function published(...journeys: readonly Journey[]): Catalogue {
  return publishedWith({}, ...journeys)
}

/** The same where there are segments. */
export function publishedWith(
  segments: { readonly [name: string]: Condition },
  ...journeys: readonly Journey[]
): Catalogue {
  const open = journeys.map((journey) => ({ journey, version: 1, open: true }))
  return catalogueOf(open, undefined, new Map(Object.entries(segments)))
}

type Scene = Parameters<typeof simulate>[0]['events'][number]

/** Lives through the events; waits are woken until the last of them, or until so many hours after the start. */
export function live(
  journeys: Catalogue | Journey,
  events: readonly Scene[],
  { contact = ada(), until, zone = 'UTC' }: { contact?: Contact; until?: number; zone?: string } = {},
): Simulation {
  return simulate({
    journeys: 'machines' in journeys ? journeys : published(journeys),
    contact,
    events,
    until: until === undefined ? (events.at(-1)?.at ?? START) : START + until * HOUR,
    zone,
  })
}

/** Folds entries that already have their place in a journal. */
export function foldAll(contact: Contact, entries: readonly Entry[], journeys: Catalogue): History {
  return entries.reduce((history, next) => fold(history, next, journeys, 'UTC').history, newHistory(contact))
}

// ---- What one would see --------------------------------------------------------------------------------------------

export function scoreOf({ history }: Simulation, attribute = 'SCORE'): number {
  return inPoints(history.contact.scores[attribute] ?? 0)
}

/** Amounts of the score's history, oldest first. */
export function linesOf({ history }: Simulation, attribute = 'SCORE'): readonly number[] {
  return history.ledger.filter((line) => line.attribute === attribute).map(({ by }) => inPoints(by))
}

/** Where a journey's passages are or how they ended, oldest first: "wait", "finished". */
export function passagesOf({ history }: Simulation, journey = 'test'): readonly string[] {
  return passages(history, journey).map(({ ended, step }) => ended?.outcome ?? step)
}

export function passages({ enrollments }: History, journey = 'test'): readonly Enrollment[] {
  return enrollments.filter((passage) => passage.journey === journey)
}

/** What the trace says of a kind, in order. */
export function textsOf(so: Simulation, ...what: readonly Simulation['trace'][number]['what'][]) {
  return so.trace.filter((line) => what.includes(line.what)).map(({ text }) => text)
}
