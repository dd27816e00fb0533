/**
 * A journey as what is drawn: its entry, its steps as cards, its ways with their labels. Pure, computed from the file
 * and never stored; the drawing and the outline are both made of it.
 */
import {
  branchesOf,
  channelOf,
  kindOf,
  plain,
  reentryOf,
  shareInWords,
  stepsOf,
  whenOf,
  type Branch,
  type Journey,
  type Step,
  type StepKind,
  type Way,
} from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { ENTRY, frameId } from './frame.ts'
import type { Place, StepPlace, TriggerPlace } from './places.ts'
import {
  conditionInWords,
  delayOf,
  durationOf,
  heardInWords,
  kindNameOf,
  pointsOf,
  sentenceOf,
  titleOf,
  type Points,
  type Surroundings,
} from './sentences.ts'
import { triggerCardsOf, type TriggerCard } from './triggers.ts'

export interface Card {
  readonly id: string
  readonly kind: StepKind
  readonly kindName: string
  /** How it is called elsewhere. */
  readonly title: string
  readonly label?: string
  readonly sentence: string
  readonly points?: Points
  readonly note?: string
  readonly offset?: { readonly x: number; readonly y: number }
}

export interface Entry {
  readonly triggers: readonly TriggerCard[]
  readonly audience?: string
  readonly reentry: string
  readonly goal?: string
  readonly exits: readonly string[]
}

/** A goal or an exit that goes on with steps of its own; drawn at the side. */
export interface EndingStart {
  readonly id: string
  readonly kind: 'goal' | 'exit'
  readonly title: string
  readonly condition: string
}

/** `branch` has a condition or an event, `otherwise` is the last of several, `timeout` is dashed, `back` returns to an earlier step. */
export type WayKind = 'plain' | 'branch' | 'otherwise' | 'timeout' | 'back'

export interface GraphWay {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly kind: WayKind
  readonly label?: string
  /** How the step it leads to is called. */
  readonly leadsTo: string
  /** Where it stands in the file: what is put here goes into this way. */
  readonly place: Place
  /** Which trigger of the frame it begins at; absent where it begins in the middle. */
  readonly trigger?: number
}

export interface Graph {
  readonly entry: Entry
  readonly endings: readonly EndingStart[]
  readonly cards: readonly Card[]
  readonly ways: readonly GraphWay[]
}

/** A way as long as nothing is said of the step it leads to. */
type BareWay = Omit<GraphWay, 'leadsTo'>

/** Everything there is to draw of a journey, each step and each way once. */
export function graphOf(around: Surroundings): Graph {
  const { journey } = around
  const endings = endingsOf(journey)
  const triggers = triggerCardsOf(journey, around.journeyName)
  const steps = stepsOf(journey).map(([id, step]) => drawnOf(id, step, around))
  const titles = new Map(steps.map(({ card }) => [card.id, card.title]))
  const ways = [
    ...entryWays(triggers),
    ...endings.map(
      ({ ending, to, place }): BareWay => ({
        id: `${ending.id}>`,
        from: ending.id,
        to,
        kind: 'plain',
        place,
      }),
    ),
    ...steps.flatMap(({ ways }) => ways),
  ]
  return {
    entry: entryOf(journey, triggers),
    endings: endings.map(({ ending }) => ending),
    cards: steps.map(({ card }) => card),
    ways: markBackWays(ways, [ENTRY, ...endings.map(({ ending }) => ending.id)]).map((way) => ({
      ...way,
      leadsTo: titles.get(way.to) ?? plain(way.to),
    })),
  }
}

interface DrawnStep {
  readonly card: Card
  readonly ways: readonly BareWay[]
}

/** Of these the card or the ways tell something of other steps. */
const TELLS_OF_OTHERS: readonly StepKind[] = ['waitFor', 'split']
const drawnBefore = new WeakMap<Step, DrawnStep & Pick<Surroundings, 'journeyName' | 'subject'>>()

/** The card and the ways of a step; of a step that has not changed they are the same objects as before. */
function drawnOf(id: string, step: Step, around: Surroundings): DrawnStep {
  const { journeyName, subject } = around
  const before = drawnBefore.get(step)
  const same = before?.card.id === id && before.journeyName === journeyName && before.subject === subject
  if (same && !TELLS_OF_OTHERS.includes(before.card.kind)) return before
  const drawn = { card: cardOf(id, step, around), ways: stepWays(id, step, around), journeyName, subject }
  drawnBefore.set(step, drawn)
  return drawn
}

function cardOf(id: string, step: Step, around: Surroundings): Card {
  const points = pointsOf(step)
  const { label, note, offset } = step.meta ?? {}
  return {
    id,
    kind: kindOf(step),
    kindName: kindNameOf(step),
    title: titleOf(id, around),
    sentence: sentenceOf(step, around),
    ...(label === undefined ? {} : { label }),
    ...(note === undefined ? {} : { note }),
    ...(points === undefined ? {} : { points }),
    ...(offset === undefined ? {} : { offset }),
  }
}

// ---- The frame at the top ------------------------------------------------------------------------------------------

function entryOf(journey: Journey, triggers: readonly TriggerCard[]): Entry {
  const { audience, goal, exits = [] } = journey.meta
  return {
    triggers,
    ...(audience === undefined ? {} : { audience: words.entry.only(conditionInWords(audience)) }),
    reentry: reentryInWords(journey),
    ...(goal === undefined ? {} : { goal: conditionInWords(goal.when) }),
    exits: exits.map(({ when }) => conditionInWords(when)),
  }
}

/** The rule for whoever comes a second time, as sentences. */
export function reentryInWords(journey: Journey): string {
  const { policy, key, cooldown, max } = reentryOf(journey)
  return [
    words.entry.reentry[policy],
    ...(key === undefined ? [] : [words.entry.perKey(plain(key))]),
    ...(cooldown === undefined ? [] : [words.entry.cooldown(durationOf(cooldown))]),
    ...(max === undefined ? [] : [words.entry.max(max)]),
  ].join(' ')
}

/** One way for all triggers where they lead to the same step, else one for each. */
function entryWays(triggers: readonly TriggerCard[]): readonly BareWay[] {
  const targets = new Set(triggers.map(({ target }) => target))
  if (targets.size === 1)
    return [...targets].map((to) => ({
      id: `${ENTRY}>`,
      from: ENTRY,
      to,
      kind: 'plain',
      place: { from: 'entry' },
    }))
  return triggers.map(({ target, place }, trigger) => ({
    id: `${ENTRY}>${trigger}`,
    from: ENTRY,
    to: target,
    kind: 'plain',
    trigger,
    place,
  }))
}

function endingsOf({
  meta: { goal, exits = [] },
}: Journey): readonly { readonly ending: EndingStart; readonly to: string; readonly place: Place }[] {
  const all = [
    ...(goal ? [{ ...goal, kind: 'goal' as const, ending: 'goal' as const }] : []),
    ...exits.map((exit, ending) => ({ ...exit, kind: 'exit' as const, ending })),
  ]
  return all.flatMap(({ to, kind, when, ending }) =>
    to === undefined
      ? []
      : [
          {
            to,
            place: { from: 'ending', ending },
            ending: {
              id: frameId(ending === 'goal' ? { part: 'goal' } : { part: 'exits', index: ending }),
              kind,
              title: words.entry[kind === 'goal' ? 'onGoal' : 'onExit'],
              condition: conditionInWords(when),
            },
          },
        ],
  )
}

// ---- Ways ----------------------------------------------------------------------------------------------------------

function stepWays(id: string, step: Step, around: Surroundings): readonly BareWay[] {
  const timed = kindOf(step) === 'wait' ? 'plain' : 'timeout'
  const always = branchesOf(step.always)
  const at = (...at: StepPlace['ats'][number]): StepPlace => ({ from: 'step', step: id, ats: [at] })
  const listed = (way: Way | undefined, index: number) => (Array.isArray(way) ? [index] : [])
  return together([
    ...Object.entries(step.on ?? {}).flatMap(([event, way]) =>
      branchesOf(way).map((branch, index) =>
        wayOf(
          `${id}>on ${event} ${index}`,
          at('on', event, ...listed(way, index)),
          branch,
          'branch',
          heardOf(step, event, branch, around),
        ),
      ),
    ),
    ...always.map((branch, index) => {
      const place = at('always', ...listed(step.always, index))
      return branch.guard?.type === 'share'
        ? shareWay(
            `${id}>always ${index}`,
            place,
            branch,
            shareInWords(around.journey, branch, branch.guard.params, index),
          )
        : alwaysWay(`${id}>always ${index}`, place, branch, always.length)
    }),
    ...Object.entries(step.after ?? {}).flatMap(([delay, way]) =>
      branchesOf(way).map((branch, index) =>
        wayOf(
          `${id}>after ${delay}`,
          at('after', delay, ...listed(way, index)),
          branch,
          timed,
          timeoutOf(step),
        ),
      ),
    ),
  ])

  /** What waits for a result and goes the same way whatever it is, is one way. */
  function together(ways: readonly BareWay[]): readonly BareWay[] {
    if (step.on === undefined || !('step.done' in step.on)) return ways
    const targets = [...new Set(ways.map(({ to }) => to))]
    return targets.flatMap((to): readonly BareWay[] => {
      const same = ways.filter((way) => way.to === to)
      const [first] = same
      if (first === undefined || (same.length < 2 && targets.length > 1)) return same
      const ats = same.flatMap(({ place }) => (place.from === 'step' ? place.ats : []))
      const place: StepPlace = { from: 'step', step: id, ats }
      const label =
        targets.length === 1 ? undefined : words.ways.either(same.flatMap(({ label }) => label ?? []))
      return [
        {
          id: first.id,
          from: id,
          to,
          place,
          kind: targets.length === 1 ? 'plain' : first.kind,
          ...(label === undefined ? {} : { label }),
        },
      ]
    })
  }
}

function heardOf(step: Step, event: string, branch: Branch, around: Surroundings): string {
  if (event !== 'step.done' && event !== 'step.failed') return heardInWords(event, branch, around)
  const results = words.ways.results[kindOf(step) === 'webhook' ? 'webhook' : 'message']
  return results[event]
}

/** A share says how large it is, whatever else the author calls it. */
function shareWay(id: string, place: StepPlace, { target }: Branch, label: string): BareWay {
  return { id, from: place.step, to: target, kind: 'branch', label, place }
}

function alwaysWay(id: string, place: StepPlace, branch: Branch, count: number): BareWay {
  const when = whenOf(branch)
  if (when) return wayOf(id, place, branch, 'branch', conditionInWords(when))
  return count > 1
    ? wayOf(id, place, branch, 'otherwise', words.ways.otherwise)
    : wayOf(id, place, branch, 'plain', undefined)
}

/** What the way by time is called; a plain wait says its time on the card. */
function timeoutOf(step: Step): string | undefined {
  const kind = kindOf(step)
  if (kind === 'wait') return undefined
  const { span, moment } = delayOf(step)
  if (kind === 'decay') return words.ways.again(span)
  const known = channelOf(step) ? 'unknown' : 'not'
  return moment === undefined ? words.ways[`${known}Within`](span) : words.ways[`${known}By`](moment)
}

function wayOf(
  id: string,
  place: StepPlace,
  branch: Branch,
  kind: WayKind,
  said: string | undefined,
): BareWay {
  const label = branch.meta?.label ?? said
  const way = { id, from: place.step, to: branch.target, kind, place }
  return label === undefined ? way : { ...way, label }
}

/** Ways that return to a step on the path walked so far, in the order of the file, are ways back. */
function markBackWays(ways: readonly BareWay[], starts: readonly string[]): readonly BareWay[] {
  const from = waysByStart(ways)
  const open = new Set<string>()
  const done = new Set<string>()
  const back = new Set<string>()
  function walk(id: string) {
    if (done.has(id)) return
    open.add(id)
    for (const way of from.get(id) ?? []) {
      if (open.has(way.to)) back.add(way.id)
      else walk(way.to)
    }
    open.delete(id)
    done.add(id)
  }
  // Steps that nothing leads to are drawn as well, so they are walked too.
  for (const id of [...starts, ...from.keys()]) walk(id)
  return ways.map((way) => (back.has(way.id) ? { ...way, kind: 'back' } : way))
}

/** The ways that leave each node, in the order of the file. */
export function waysByStart<Way extends { readonly from: string }>(
  ways: readonly Way[],
): ReadonlyMap<string, readonly Way[]> {
  return Map.groupBy(ways, ({ from }) => from)
}

/** The ways that come to each step from elsewhere, in the order of the file. */
export function waysByTarget<Way extends { readonly from: string; readonly to: string }>(
  ways: readonly Way[],
): ReadonlyMap<string, readonly Way[]> {
  return Map.groupBy(
    ways.filter(({ from, to }) => from !== to),
    ({ to }) => to,
  )
}

/** The card of one trigger of the frame; undefined where it is gone. */
export function triggerCardAt({ entry }: Graph, { event, index }: TriggerPlace): TriggerCard | undefined {
  return entry.triggers.find(({ place }) => place.event === event && place.index === index)
}

/** How a node is called in a sentence. */
export function nameOf(graph: Graph, around: Surroundings, id: string): string {
  if (id === ENTRY) return words.entry.title
  return graph.endings.find((ending) => ending.id === id)?.title ?? titleOf(id, around)
}
