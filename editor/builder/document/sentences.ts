/** What each step does, as a sentence for its card: one typed entry per kind. Pure; never shows ids, operators or ISO durations. */
import {
  branchesOf,
  channelOf,
  durationInWords,
  emailsOf,
  fieldInWords,
  inWords,
  isSoundCondition,
  isSoundStep,
  kindOf,
  momentInWords,
  parseDelay,
  plain,
  STEP_KINDS,
  stepsOf,
  type Action,
  type Amount,
  type Branch,
  type Cap,
  type Condition,
  type EmailParams,
  type Journey,
  type Step,
  type StepKind,
  type UpdateParams,
  whenOf,
} from '../../../engine/index.ts'
import { eventInWords, words } from '../../words.ts'
import { lower, number, signed, upper } from '../../words/say.ts'

/** What a sentence may look up: the journey around the step, and the names of other journeys. */
export interface Surroundings {
  readonly journey: Journey
  readonly journeyName: (id: string) => string
  /** The subject of a template, where it is known. */
  readonly subject: (template: string) => string | undefined
}

/** A signed change for the chip on a card. */
export interface Points {
  readonly text: string
  readonly tone: 'up' | 'down' | 'neutral'
}

type ActionOf<Type extends Action['type']> = Extract<Action, { type: Type }>['params']

const SENTENCES: { readonly [Kind in StepKind]: (step: Step, around: Surroundings) => string } = {
  update: (step) => updateInWords(paramsOf(step, 'updateAttribute')),
  condition: ({ always }) => branchesInWords(branchesOf(always)),
  split: ({ always }) => words.steps.split(branchesOf(always).length),
  wait: (step) => waitInWords(step),
  waitFor: (step, around) =>
    words.steps.waitsUntil(awaited(step, around), step.after ? longestInWords(step) : null),
  decay: (step) => decayInWords(step),
  addToList: (step) => words.steps.addToList(paramsOf(step, 'addToList').list),
  removeFromList: (step) => words.steps.removeFromList(paramsOf(step, 'removeFromList').list),
  moveToList: (step) => moveInWords(paramsOf(step, 'moveToList')),
  email: (step, around) => awaiting(step, words.steps.email(subjectOf(paramsOf(step, 'sendEmail'), around))),
  sms: (step) => awaiting(step, words.steps.sms(excerptOf(paramsOf(step, 'sendSms').text))),
  webhook: (step) => awaiting(step, webhookInWords(paramsOf(step, 'callWebhook'))),
  notify: (step) => noticeInWords(paramsOf(step, 'notify')),
  stage: (step) => words.steps.stage(words.stages[paramsOf(step, 'setStage').stage].name),
  startJourney: (step, { journeyName }) =>
    words.steps.startJourney(journeyName(paramsOf(step, 'startJourney').journey)),
  leave: () => words.steps.leave,
  end: () => words.steps.end,
}

/** What a step does, and whether it goes on only when the result is known. */
function awaiting(step: Step, sentence: string): string {
  return step.on ? words.steps.andWaits(sentence) : sentence
}

/** What the step does, as a sentence; what is still to be said where it is unfinished. */
export function sentenceOf(step: Step, around: Surroundings): string {
  if (!isSoundStepOnce(step) || saysNothing(step)) return words.builder.unfinished[kindOf(step)]
  return SENTENCES[kindOf(step)](step, around)
}

/** A message of which not a word is written yet. */
function saysNothing({ entry }: Step): boolean {
  if (entry?.type === 'sendEmail') return 'subject' in entry.params && entry.params.subject.trim() === ''
  return entry?.type === 'sendSms' && entry.params.text.trim() === ''
}

/** A condition in words; that something is missing where it is unfinished. */
export function conditionInWords(when: Condition): string {
  return isSound(when) ? inWords(when) : words.builder.unfinishedCondition
}

/** Drafts are never changed in place: what was looked at once need not be looked at again. */
const isSoundStepOnce = remembered<Step>(isSoundStep)
/** Whether a condition is finished, so that it can be put in words. */
export const isSound = remembered<Condition>(isSoundCondition)

function remembered<Part extends object>(judge: (part: Part) => boolean): (part: Part) => boolean {
  const known = new WeakMap<Part, boolean>()
  return (part) => {
    const before = known.get(part)
    if (before !== undefined) return before
    const judged = judge(part)
    known.set(part, judged)
    return judged
  }
}

/** The kind as the page calls it: an update of a score is "Add points", of anything else "Change attribute". */
export function kindNameOf(step: Step): string {
  const kind = kindOf(step)
  const { entry } = step
  if (!isSoundStepOnce(step)) return STEP_KINDS[kind].name
  if (entry?.type === 'sendEmail' || entry?.type === 'sendSms')
    return `${STEP_KINDS[kind].name} · ${words.steps.messageTypes[entry.params.messageType]}`
  if (kind !== 'update') return STEP_KINDS[kind].name
  const { attribute, subtract, add, set } = paramsOf(step, 'updateAttribute')
  if (!isScore(attribute)) return words.steps.changeAttribute
  if (add !== undefined) return STEP_KINDS.update.name
  return subtract !== undefined || set === undefined ? words.steps.takePoints : words.steps.setPoints
}

/** How a step is called elsewhere: by its label, else by what it does. */
export function titleOf(id: string, around: Surroundings): string {
  const step = around.journey.states[id]
  if (step === undefined) return plain(id)
  if (step.meta?.label !== undefined) return step.meta.label
  if (!isSoundStepOnce(step) || saysNothing(step)) return kindNameOf(step)
  if (step.entry?.type === 'sendEmail') return subjectOf(step.entry.params, around)
  return step.entry?.type === 'sendSms' ? excerptOf(step.entry.params.text) : sentenceOf(step, around)
}

/** The points a step gives or takes, for its chip; undefined for a step that changes no number. */
export function pointsOf(step: Step): Points | undefined {
  if (!isSoundStepOnce(step)) return undefined
  const update = updateOf(step)
  if (update === undefined) return undefined
  if (update.add !== undefined) return chip(update.add, 1)
  if (update.subtract !== undefined) return chip(update.subtract, -1)
  if (update.multiply !== undefined)
    return { text: `×${number(update.multiply)}`, tone: update.multiply < 1 ? 'down' : 'up' }
  return typeof update.set === 'number' ? { text: `= ${number(update.set)}`, tone: 'neutral' } : undefined
}

function chip(amount: Amount, sign: 1 | -1): Points {
  if (typeof amount !== 'number')
    return {
      text: words.steps.timesShort(sign * (amount.times ?? 1), plain(amount.event)),
      tone: sign > 0 ? 'up' : 'down',
    }
  return { text: signed(sign * amount), tone: sign * amount < 0 ? 'down' : 'up' }
}

/** The change an update or a decay makes; undefined for any other step. */
function updateOf(step: Step): UpdateParams | undefined {
  const action =
    kindOf(step) === 'decay' ? branchesOf(Object.values(step.after ?? {})[0])[0]?.actions?.[0] : step.entry
  return action?.type === 'updateAttribute' ? action.params : undefined
}

function paramsOf<Type extends Action['type']>(step: Step, type: Type): ActionOf<Type> {
  if (step.entry?.type !== type)
    throw new Error(`expected a step with ${type}, got ${step.entry?.type ?? 'none'}`)
  return step.entry.params as ActionOf<Type>
}

function updateInWords(params: UpdateParams): string {
  return words.steps.and([changeInWords(params), ...limitsOf(params)])
}

function changeInWords({ attribute, add, subtract, set, multiply }: UpdateParams): string {
  const field = fieldInWords(attribute)
  const other = attribute === 'SCORE' ? null : field
  if (add !== undefined) return words.steps.adds(amountInWords(add), other)
  if (subtract !== undefined) return words.steps.takes(amountInWords(subtract), other)
  if (multiply !== undefined) return words.steps.multiplies(field, multiply)
  return set === undefined ? words.steps.clears(field) : words.steps.sets(field, settingInWords(set))
}

function amountInWords(amount: Amount): string {
  return typeof amount === 'number'
    ? words.steps.points(amount)
    : words.steps.ofEvent(plain(amount.event), amount.times ?? 1)
}

function settingInWords(value: NonNullable<UpdateParams['set']>): string {
  if (typeof value === 'boolean') return value ? words.steps.yes : words.steps.no
  if (typeof value === 'string') return words.steps.text(value)
  return typeof value === 'number' ? number(value) : words.steps.ofEvent(plain(value.event), value.times ?? 1)
}

function limitsOf({ cap, cooldown, floor }: UpdateParams): readonly string[] {
  return [
    ...(cap ? [capInWords(cap)] : []),
    ...(cooldown === undefined ? [] : [words.steps.cooldown(durationOf(cooldown))]),
    ...(floor === undefined ? [] : [words.steps.floor(floor)]),
  ]
}

function capInWords({ points, per, key }: Cap): string {
  const limit = words.steps.cap(points, perInWords(per))
  return key === undefined ? limit : `${limit} ${words.steps.capKey(plain(key.replace(/^event\./, '')))}`
}

function perInWords(per: string): string {
  const emails = emailsOf(per)
  if (per === 'ever') return words.steps.ever
  if (emails !== undefined) return words.steps.perEmails(emails)
  const duration = durationOf(per)
  const unit = /^1 (\w+)$/.exec(duration)?.[1] ?? ''
  return unit in words.steps.perOne
    ? words.steps.perOne[unit as keyof typeof words.steps.perOne]
    : words.steps.perDuration(duration)
}

function branchesInWords(branches: readonly Branch[]): string {
  const first = branches[0] && whenOf(branches[0])
  return branches.length === 2 && first
    ? words.steps.if(conditionInWords(first))
    : words.steps.branches(branches.length)
}

function awaited(step: Step, around: Surroundings): string {
  const heard = Object.entries(step.on ?? {}).flatMap(([event, way]) =>
    branchesOf(way).map((branch) => heardInWords(event, branch, around)),
  )
  const held = branchesOf(step.always).flatMap((branch) => {
    const when = whenOf(branch)
    return when ? [conditionInWords(when)] : []
  })
  return words.steps.or([...new Set([...heard, ...held])].map(lower))
}

/** An event that is waited for, with the condition on it: "Clicks in “Case study”". */
export function heardInWords(event: string, branch: Branch, around: Surroundings): string {
  const when = whenOf(branch)
  if (when === undefined) return eventInWords(event)
  if (isSound(when) && 'message' in when)
    return words.ways.message[when.was](messageTitle(when.message, around))
  return words.ways.and(eventInWords(event), conditionInWords(when))
}

/** A step that sends nothing (any more) is no message: to say what it does might lead back to where we are. */
function messageTitle(id: string, around: Surroundings): string {
  const step = around.journey.states[id]
  return step !== undefined && channelOf(step) === undefined ? kindNameOf(step) : titleOf(id, around)
}

function decayInWords(step: Step): string {
  const update = updateOf(step)
  if (update === undefined) return words.steps.unread
  const floor = update.floor === undefined ? null : words.steps.floor(update.floor)
  return words.steps.decay(changeInWords(update), delayOf(step).span, floor)
}

function moveInWords({ list, from = [] }: ActionOf<'moveToList'>): string {
  const others = from.filter((other) => other !== list)
  if (others.length === 0) return words.steps.moveToList(list)
  return words.steps.moveFrom(
    list,
    others.length === 1 ? words.steps.text(others[0] ?? '') : words.steps.lists(others.length),
  )
}

function subjectOf(params: EmailParams, { subject }: Surroundings): string {
  return 'template' in params
    ? (subject(params.template) ?? upper(plain(params.template).replaceAll('-', ' ')))
    : excerptOf(params.subject)
}

/** How much of a text a card shows. */
const LONGEST_EXCERPT = 60

/** The beginning of a text, with dots for what is filled in later. */
function excerptOf(text: string): string {
  const plainText = text
    .replaceAll(/\{\{.*?\}\}|\{%.*?%\}/gs, '…')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return plainText.length > LONGEST_EXCERPT ? `${plainText.slice(0, LONGEST_EXCERPT - 1)}…` : plainText
}

function webhookInWords({ url, store = {} }: ActionOf<'callWebhook'>): string {
  const kept = Object.keys(store).map(fieldInWords)
  const call = words.steps.webhook(hostOf(url))
  return kept.length === 0 ? call : words.steps.webhookKeeps(call, kept)
}

function noticeInWords(params: ActionOf<'notify'>): string {
  if ('url' in params) return words.steps.notifyAt(hostOf(params.url))
  const [first = '', ...others] = params.to
  return words.steps.notify(first, others.length)
}

/** Whom an address calls: "crm.example.com". */
function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/[/?#].*$/s, '')
}

function waitInWords(step: Step): string {
  const delay = parseDelay(delayNameOf(step))
  if (delay === undefined || 'duration' in delay) return words.steps.waits(delayOf(step).span)
  const moment = momentInWords(delay)
  const sentence = words.steps[delay.type === 'between' ? 'waitsForTime' : 'waitsUntilTime'](moment)
  return delay.type === 'date' && delay.time === null ? sentence : words.steps.contactsTime(sentence)
}

function longestInWords(step: Step): string {
  const { span, moment } = delayOf(step)
  return moment === undefined ? words.steps.atMost(span) : words.steps.until(moment)
}

/** The one delay of a step that waits, in words: how long it is, or the moment it ends at. */
export function delayOf(step: Step): { readonly span: string; readonly moment?: string } {
  const text = delayNameOf(step)
  const delay = parseDelay(text)
  return delay && !('duration' in delay)
    ? { span: text, moment: momentInWords(delay) }
    : { span: durationOf(text) }
}

function delayNameOf({ after = {} }: Step): string {
  return Object.keys(after)[0] ?? ''
}

/** A length of time in words; the text itself where it is none. */
export function durationOf(text: string): string {
  const delay = parseDelay(text)
  return delay && 'duration' in delay ? durationInWords(delay.duration) : text
}

/** Scores are the numbers that a ledger keeps; by custom their names say so. */
function isScore(attribute: string): boolean {
  return attribute === 'SCORE' || attribute.endsWith('_SCORE') || attribute.startsWith('SCORE_')
}

/** The templates whose mails a journey sends. */
export function templatesOf(journey: Journey): readonly string[] {
  const templates = stepsOf(journey).flatMap(([, { entry }]) =>
    entry?.type === 'sendEmail' && 'template' in entry.params ? [entry.params.template] : [],
  )
  return [...new Set(templates.filter((name) => typeof name === 'string' && name !== ''))]
}
