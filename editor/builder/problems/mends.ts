/**
 * What mends a problem at the press of a button: one entry for each code, null where only a person can tell. A mend is a
 * command like any other, so it can be undone. Pure.
 */
import {
  branchesOf,
  fieldInWords,
  keysOf,
  kindOf,
  valueAt,
  type Condition,
  type ProblemCode,
  type Trigger,
} from '../../../engine/index.ts'
import type { JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'
import { messagesBefore } from '../document/before.ts'
import { evenly, setShares } from '../document/branches.ts'
import { inARow, isRefusal, refused, type Command } from '../document/command.ts'
import {
  changeStep,
  idOfNew,
  insertStep,
  leadTo,
  removeStep,
  setCondition,
  setParams,
  waysOn,
} from '../document/commands.ts'
import { END, freshId, isBareEnd, type Draft } from '../document/draft.ts'
import { changeTrigger, giveEndingAWay, renameTrigger, setPolicy } from '../document/frameCommands.ts'
import { reachedIn } from '../document/loose.ts'
import {
  placesFrom,
  placesInto,
  placesOf,
  targetAt,
  type Place,
  type TriggerPlace,
} from '../document/places.ts'
import { gapClosed, overlapParted } from './bounds.ts'
import { foundIn } from './found.ts'
import { looseFrom, stepsRemoved, wayRemoved, withoutWhatItLedTo } from './removal.ts'
import { changeLiquid, renamedIn, setAt, withFallback } from './texts.ts'
import { waysBack, waysTogether } from './waits.ts'

export interface Mend {
  /** What the button says. */
  readonly label: string
  readonly command: Command
}

/** What the mend of a problem is made of: `keys` is where it stands, `id` the step that is. */
interface Broken {
  readonly draft: Draft
  readonly keys: readonly string[]
  readonly id: string
  readonly data: NonNullable<JourneyProblem['data']>
  /** What a step is called. */
  readonly nameOf: (id: string) => string
}

/** What mends a problem, the likeliest first; empty where only a person can. */
export function mendsOf(
  { code, path, data = [] }: JourneyProblem,
  draft: Draft,
  nameOf: (id: string) => string,
): readonly Mend[] {
  const make = Object.hasOwn(MENDS, code) ? MENDS[code as ProblemCode] : null
  const keys = keysOf(path)
  const found = make?.({ draft, keys, id: keys[0] === 'states' ? (keys[1] ?? '') : '', data, nameOf })
  return found === undefined ? [] : 'command' in found ? [found] : found
}

type Maker = (broken: Broken) => Mend | readonly Mend[] | undefined

const said = words.checking.mends

const MENDS: { readonly [Code in ProblemCode]: Maker | null } = {
  // What is no journey in form is mended as text.
  json_syntax: null,
  too_large: null,
  duplicate_key: null,
  inexact_number: null,
  not_json: null,
  too_deep: null,
  reserved_key: null,
  long_key: null,
  bad_text: null,
  bad_number: null,
  missing: null,
  unknown_part: null,
  unknown_kind: null,
  unknown_condition: null,
  unknown_step: null,

  unfinished: null,
  unexpected: ({ draft, keys, id }) =>
    keys[2] === 'always' && keys.length === 3 ? waysWhole(draft, id) : undefined,
  no_trigger: null,
  decay_target: ({ draft, keys, id }) =>
    given(placeAt(draft, keys), (place) => ({
      label: said.repeat,
      command: withoutWhatItLedTo(leadTo(place, id)),
    })),
  leave_target: ({ draft, keys }) =>
    given(placeAt(draft, keys), (place) => ({ label: said.endHere, command: insertStep(place, 'end') })),
  not_a_message: (broken) => useMeant(broken) ?? useOnlyMessage(broken),
  not_for_segments: null,
  segment_circle: null,
  segment_too_large: null,
  no_time: null,
  time_elsewhere: ({ keys }) => ({
    label: said.withoutTime,
    command: changeTrigger(triggerPlace(keys), withoutTime),
  }),

  unreachable_step: ({ draft, id, nameOf }) => [...ledHere(draft, id, nameOf), ...takenOut(draft, id)],
  unreachable_branch: removeWay,
  endless_loop: ({ draft, id }) => withWaits(waysBack(draft, id), said.insertWait),
  no_time_out: ({ id }) => ({ label: said.goOnAfter, command: withTimeOut(id) }),
  unknown_template: useMeant,
  unknown_journey: useMeant,
  unstartable_journey: null,
  stored_score: ({ draft, keys, id }) => ({
    label: said.keepNot(fieldInWords(keys.at(-1) ?? '')),
    command: setParams(id, { store: withoutKey(valueAt(draft, keys.slice(0, -1)), keys.at(-1)) }),
  }),
  endless_circle: () => ({ label: said.onlyOnce, command: setPolicy('once') }),
  unknown_segment: useMeant,
  never_a_date: null,
  never_opens: ({ id }) => ({ label: said.openFor, command: changeStep(id, renamedDelays(opened)) }),
  nobody_named: ({ keys }) => ({
    label: said.forEverybody,
    command: changeTrigger(triggerPlace(keys), (trigger) => ({
      ...trigger,
      guard: { ...trigger.guard, params: { ...trigger.guard.params, when: { everybody: true } } },
    })),
  }),

  no_subject: null,
  no_text: null,
  no_words: null,
  no_address: null,
  bad_address: ({ draft, keys, data: [address] }) =>
    valueAt(draft, keys) === address && /^[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?$/.test(address as string)
      ? {
          label: said.use(`https://${address as string}`),
          command: setAt(keys, `https://${address as string}`),
        }
      : undefined,
  bad_liquid: null,
  long_sms: null,
  cannot_send: null,

  goal_in_passing: ({ draft, id, nameOf }) => alsoFromGoal(draft, id, nameOf),
  unlimited_messages: ({ draft, id }) => limited(draft, id),
  messages_together: ({ draft, id }) => withWaits(waysTogether(draft, id), said.insertWait),
  parallel_sends: () => ({ label: said.onlyOnce, command: setPolicy('once') }),
  parallel_waits: () => ({ label: said.onlyOnce, command: setPolicy('once') }),
  lowered_twice: ({ id, data: [, journey] }) =>
    given(journey, (name) => ({ label: said.leaveTo(String(name)), command: removeStep(id) })),
  only_once: () => ({ label: said.again, command: setPolicy('afterExit') }),
  no_fallback: ({ keys, data: [, name] }) => ({
    label: said.sayInstead,
    command: changeLiquid(keys, (liquid) => withFallback(liquid, String(name))),
  }),
  unknown_field: ({ keys, data: [field, meant] }) =>
    given(meant, (name) => ({
      label: said.use(fieldInWords(String(name))),
      command: changeLiquid(keys, (liquid) => renamedIn(liquid, String(field), String(name))),
    })),
  no_alternative: null,
  private_address: null,
  short_wait: ({ keys, id }) => ({
    label: said.waitAnHour,
    command: changeStep(
      id,
      renamedDelays((name) => (name === keys[3] ? 'PT1H' : name)),
    ),
  }),
  never_received: ({ data: [event, meant] }) =>
    given(meant, (name) => ({
      label: said.listenTo(String(name)),
      command: renamedEvent(String(event), String(name)),
    })),
  gap: ({ draft, keys, id }) =>
    given(gapClosed(draft, id, Number(keys[3])), (command) => ({ label: said.closeGap, command })),
  overlap: ({ draft, keys, id }) =>
    given(overlapParted(draft, id, Number(keys[3])), (command) => ({ label: said.partOverlap, command })),
  band_lists_added: ({ id, data: [list, others] }) =>
    given(others, (from) => ({
      label: said.move((from as readonly string[]).length),
      command: changeStep(id, (step) => ({
        ...step,
        meta: { ...step.meta, kind: 'moveToList' },
        entry: { type: 'moveToList', params: { list: String(list), from: from as readonly string[] } },
      })),
    })),
  windows_apart: ({ draft, id }) =>
    given(
      placesInto(draft, id).find((place) => place.from === 'step' && isWindow(draft, place.step)),
      (place) => ({ label: said.onlySecond, command: removeStep(place.from === 'step' ? place.step : id) }),
    ),
  behind_ending: removeWay,
  mails_on_a_day: ({ keys }) => ({
    label: said.waitADayFirst,
    command: insertStep(triggerPlace(keys), 'wait'),
  }),
}

function given<Value>(value: Value | undefined, make: (value: Value) => Mend): Mend | undefined {
  return value === undefined ? undefined : make(value)
}

// ---- Steps and ways --------------------------------------------------------------------------------------------------

/** The place of a way out of a step, by where it stands in the file. */
function placeAt(draft: Draft, [, id = '', ...at]: readonly string[]): Place | undefined {
  return placesFrom(draft, id).find(
    ({ ats: [own = []] }) => own.join('/') === at.slice(0, own.length).join('/'),
  )
}

function triggerPlace([, event = '', index = '0']: readonly string[]): TriggerPlace {
  return { from: 'trigger', event, index: Number.isInteger(Number(index)) ? Number(index) : 0 }
}

function withWaits(places: readonly Place[], label: string): Mend | undefined {
  return places.length === 0
    ? undefined
    : { label, command: inARow(...places.map((place) => insertStep(place, 'wait'))) }
}

/** Shares that add up to a hundred; a last branch without a condition. */
function waysWhole(draft: Draft, id: string): Mend | undefined {
  const step = draft.states[id]
  const branches = branchesOf(step?.always)
  if (step !== undefined && kindOf(step) === 'split')
    return { label: said.equalShares, command: setShares(id, evenly(branches.length)) }
  if (step === undefined || kindOf(step) !== 'condition' || branches.at(-1)?.guard === undefined)
    return undefined
  return {
    label: said.everyoneElse,
    command: (before) => {
      const end = freshId(before.states, 'end')
      return {
        ...before,
        states: { ...before.states, [id]: { ...step, always: [...branches, { target: end }] }, [end]: END },
      }
    },
  }
}

function removeWay({ draft, keys }: Broken): Mend | undefined {
  const label = keys[0] === 'on' ? said.removeTrigger : said.removeWay
  return given(wayRemoved(draft, keys), (command) => ({ label, command }))
}

/** The nearest end that stands before the step in the file goes on to it. */
function ledHere(draft: Draft, id: string, nameOf: Broken['nameOf']): readonly Mend[] {
  if (looseFrom(draft, id).size === 0) return []
  const reached = reachedIn(draft)
  const order = Object.keys(draft.states)
  const open = placesOf(draft).filter((place) => {
    const end = draft.states[targetAt(draft, place) ?? '']
    return end !== undefined && isBareEnd(end) && place.from === 'step' && reached.has(place.step)
  })
  const before = open.filter(
    (place) => place.from === 'step' && order.indexOf(place.step) < order.indexOf(id),
  )
  const place = before.at(-1) ?? open[0]
  if (place?.from !== 'step') return []
  const command = leadTo(place, id)
  return addsErrors(draft, command) ? [] : [{ label: said.leadHere(nameOf(place.step)), command }]
}

/** Whether a command makes errors that were not there, as far as the journey itself tells. */
function addsErrors(draft: Draft, command: Command): boolean {
  const changed = command(draft)
  const errors = (of: Draft) =>
    foundIn(of).flatMap(({ severity, code, path }) => (severity === 'error' ? [`${code} ${path}`] : []))
  const before = new Set(errors(draft))
  return !isRefusal(changed) && errors(changed).some((error) => !before.has(error))
}

/** Whether one gets from a step to another. */
function leadsTo(draft: Draft, from: string, to: string): boolean {
  const seen = new Set([from])
  // A set that grows while it is walked is walked to its new end.
  for (const id of seen) for (const place of placesFrom(draft, id)) seen.add(targetAt(draft, place) ?? id)
  return seen.has(to)
}

/** With all that only it leads to; not where a condition elsewhere asks for a message that would go. */
function takenOut(draft: Draft, id: string): readonly Mend[] {
  const going = looseFrom(draft, id)
  const left = { ...draft, states: withoutKeys(draft.states, going) }
  const text = JSON.stringify(left)
  if (going.size === 0 || [...going].some((step) => text.includes(`"message":${JSON.stringify(step)}`)))
    return []
  const steps = [...going].filter((step) => kindOf(draft.states[step] ?? END) !== 'end')
  return [
    { label: steps.length > 1 ? said.removeAll(steps.length) : said.remove, command: stepsRemoved(going) },
  ]
}

function withTimeOut(id: string): Command {
  return (draft) => {
    const step = draft.states[id]
    if (step === undefined) return refused('gone')
    const end = freshId(draft.states, 'end')
    return { ...draft, states: { ...draft.states, [id]: { ...step, after: { P7D: end } }, [end]: END } }
  }
}

/** Whoever reaches the goal at a step goes on with what follows it all the same. */
function alsoFromGoal(draft: Draft, id: string, nameOf: Broken['nameOf']): Mend | undefined {
  const { goal } = draft.meta
  const follows = waysOn(draft, id).flatMap((place) => targetAt(draft, place) ?? [])
  const [next, ...others] = follows.filter((step) => kindOf(draft.states[step] ?? END) !== 'end')
  return goal === undefined || goal.to !== undefined || next === undefined || others.length > 0
    ? undefined
    : {
        label: said.alsoFromGoal(nameOf(next)),
        command: inARow(giveEndingAWay('goal', true), leadTo({ from: 'ending', ending: 'goal' }, next)),
      }
}

/** In front of the message on each way back to it: at most three since entering. */
function limited(draft: Draft, id: string): Mend | undefined {
  const back = placesInto(draft, id).filter(
    (place) => place.from === 'step' && leadsTo(draft, id, place.step),
  )
  const [first, ...others] = back
  if (first === undefined) return undefined
  const event = draft.states[id]?.entry?.type === 'sendSms' ? 'sms.sent' : 'email.sent'
  const when: Condition = { count: { event, since: 'entering' }, operator: '<', value: 3 }
  const check = idOfNew(draft, 'condition')
  return {
    label: said.atMost,
    command: inARow(
      insertStep(first, 'condition'),
      setCondition(check, ['always', 0], when),
      ...others.map((place) => leadTo(place, check)),
    ),
  }
}

// ---- Times -----------------------------------------------------------------------------------------------------------

function renamedDelays(rename: (name: string) => string) {
  return (step: Draft['states'][string]) => ({
    ...step,
    after: Object.fromEntries(Object.entries(step.after ?? {}).map(([name, way]) => [rename(name), way])),
  })
}

/** "between 09:00-09:00 mon" closes at 17:00. */
function opened(name: string): string {
  return name.replace(
    /^(between )(\d\d)(:\d\d)-\2\3/,
    (_, between: string, hour: string, minutes: string) => {
      const closes = String((Number(hour) + 8) % 24).padStart(2, '0')
      return `${between}${hour}${minutes}-${closes}${minutes}`
    },
  )
}

function isWindow(draft: Draft, id: string): boolean {
  return Object.keys(draft.states[id]?.after ?? {}).some((name) => name.startsWith('between '))
}

// ---- Who enters ------------------------------------------------------------------------------------------------------

function withoutTime(trigger: Trigger) {
  const { at: _at, ...params } = trigger.guard.params ?? {}
  const { params: _params, ...guard } = trigger.guard
  return { ...trigger, guard: Object.keys(params).length === 0 ? guard : { ...guard, params } }
}

/** All triggers on an event listen to another. */
function renamedEvent(event: string, name: string): Command {
  return (draft) => {
    const on = Object.hasOwn(draft.on, event) ? draft.on[event] : undefined
    const count = Array.isArray(on) ? on.length : 1
    const first = { from: 'trigger', event, index: 0 } as const
    return inARow(...Array.from({ length: count }, () => renameTrigger(first, name)))(draft)
  }
}

// ---- Names -------------------------------------------------------------------------------------------------

function useMeant({ keys, data: [, meant] }: Broken): Mend | undefined {
  return given(meant, (name) => ({ label: said.use(String(name)), command: setAt(keys, String(name)) }))
}

/** Where only one message can be meant, since no other was sent by then. */
function useOnlyMessage({ draft, keys, id, nameOf }: Broken): Mend | undefined {
  const [only, ...others] = messagesBefore(draft, id === '' ? undefined : id)
  return only === undefined || others.length > 0
    ? undefined
    : { label: said.use(nameOf(only)), command: setAt(keys, only) }
}

function withoutKeys<Value>(
  object: { readonly [key: string]: Value },
  keys: ReadonlySet<string>,
): { readonly [key: string]: Value } {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)))
}

/** Undefined where nothing is left. */
function withoutKey(object: unknown, key: string | undefined): object | undefined {
  const left = withoutKeys((object ?? {}) as { readonly [key: string]: unknown }, new Set([key ?? '']))
  return Object.keys(left).length === 0 ? undefined : left
}
