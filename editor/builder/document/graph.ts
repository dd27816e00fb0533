/**
 * A journey as what is drawn: its entry, its steps as cards, its ways with their labels. Pure, computed from the file
 * and never stored; the drawing and the outline are both made of it.
 */
import {
  branchesOf,
  channelOf,
  inWords,
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
} from '../../../engine/index.ts'
import { words } from '../../words.ts'
import {
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

/** Where everybody is before the first step; the frame "Who enters" is drawn for it. */
export const ENTRY = 'outside'

export interface Card {
  readonly id: string
  readonly kind: StepKind
  readonly kindName: string
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
  /** Which trigger of the frame it begins at; absent where it begins in the middle. */
  readonly trigger?: number
}

export interface Graph {
  readonly entry: Entry
  readonly endings: readonly EndingStart[]
  readonly cards: readonly Card[]
  readonly ways: readonly GraphWay[]
}

/** Everything there is to draw of a journey, each step and each way once. */
export function graphOf(around: Surroundings): Graph {
  const { journey } = around
  const endings = endingsOf(journey)
  const triggers = triggerCardsOf(journey)
  const ways = [
    ...entryWays(triggers),
    ...endings.map(
      ({ ending, to }): GraphWay => ({ id: `${ending.id}>`, from: ending.id, to, kind: 'plain' }),
    ),
    ...stepsOf(journey).flatMap(([id, step]) => stepWays(id, step, around)),
  ]
  return {
    entry: entryOf(journey, triggers),
    endings: endings.map(({ ending }) => ending),
    cards: stepsOf(journey).map(([id, step]) => cardOf(id, step, around)),
    ways: markBackWays(ways, [ENTRY, ...endings.map(({ ending }) => ending.id)]),
  }
}

function cardOf(id: string, step: Step, around: Surroundings): Card {
  const points = pointsOf(step)
  const { label, note, offset } = step.meta ?? {}
  return {
    id,
    kind: kindOf(step),
    kindName: kindNameOf(step),
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
    ...(audience === undefined ? {} : { audience: words.entry.only(inWords(audience)) }),
    reentry: reentryInWords(journey),
    ...(goal === undefined ? {} : { goal: inWords(goal.when) }),
    exits: exits.map(({ when }) => inWords(when)),
  }
}

function reentryInWords(journey: Journey): string {
  const { policy, key, cooldown, max } = reentryOf(journey)
  return [
    words.entry.reentry[policy],
    ...(key === undefined ? [] : [words.entry.perKey(plain(key))]),
    ...(cooldown === undefined ? [] : [words.entry.cooldown(durationOf(cooldown))]),
    ...(max === undefined ? [] : [words.entry.max(max)]),
  ].join(' ')
}

/** One way for all triggers where they lead to the same step, else one for each. */
function entryWays(triggers: readonly TriggerCard[]): readonly GraphWay[] {
  const targets = new Set(triggers.map(({ target }) => target))
  if (targets.size === 1)
    return [...targets].map((to) => ({ id: `${ENTRY}>`, from: ENTRY, to, kind: 'plain' }))
  return triggers.map(({ target }, trigger) => ({
    id: `${ENTRY}>${trigger}`,
    from: ENTRY,
    to: target,
    kind: 'plain',
    trigger,
  }))
}

function endingsOf({
  meta: { goal, exits = [] },
}: Journey): readonly { readonly ending: EndingStart; readonly to: string }[] {
  const all = [
    ...(goal ? [{ ...goal, kind: 'goal' as const }] : []),
    ...exits.map((exit) => ({ ...exit, kind: 'exit' as const })),
  ]
  return all.flatMap(({ to, kind, when }, index) =>
    to === undefined
      ? []
      : [
          {
            to,
            ending: {
              id: `${ENTRY}:${index}`,
              kind,
              title: words.entry[kind === 'goal' ? 'onGoal' : 'onExit'],
              condition: inWords(when),
            },
          },
        ],
  )
}

// ---- Ways ----------------------------------------------------------------------------------------------------------

function stepWays(id: string, step: Step, around: Surroundings): readonly GraphWay[] {
  const timed = kindOf(step) === 'wait' ? 'plain' : 'timeout'
  const always = branchesOf(step.always)
  return [
    ...Object.entries(step.on ?? {}).flatMap(([event, way]) =>
      branchesOf(way).map((branch, index) =>
        wayOf(`${id}>on ${event} ${index}`, id, branch, 'branch', heardOf(step, event, branch, around)),
      ),
    ),
    ...always.map((branch, index) =>
      branch.guard?.type === 'share'
        ? shareWay(
            `${id}>always ${index}`,
            id,
            branch,
            shareInWords(around.journey, branch, branch.guard.params, index),
          )
        : alwaysWay(`${id}>always ${index}`, id, branch, always.length),
    ),
    ...Object.entries(step.after ?? {}).flatMap(([delay, way]) =>
      branchesOf(way).map((branch) => wayOf(`${id}>after ${delay}`, id, branch, timed, timeoutOf(step))),
    ),
  ]
}

function heardOf(step: Step, event: string, branch: Branch, around: Surroundings): string {
  if (event !== 'step.done' && event !== 'step.failed') return heardInWords(event, branch, around)
  const results = words.ways.results[kindOf(step) === 'webhook' ? 'webhook' : 'message']
  return results[event]
}

/** A share says how large it is, whatever else the author calls it. */
function shareWay(id: string, from: string, { target }: Branch, label: string): GraphWay {
  return { id, from, to: target, kind: 'branch', label }
}

function alwaysWay(id: string, from: string, branch: Branch, count: number): GraphWay {
  const when = whenOf(branch)
  if (when) return wayOf(id, from, branch, 'branch', inWords(when))
  return count > 1
    ? wayOf(id, from, branch, 'otherwise', words.ways.otherwise)
    : wayOf(id, from, branch, 'plain', undefined)
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

function wayOf(id: string, from: string, branch: Branch, kind: WayKind, said: string | undefined): GraphWay {
  const label = branch.meta?.label ?? said
  return { id, from, to: branch.target, kind, ...(label === undefined ? {} : { label }) }
}

/** Ways that return to a step on the path walked so far, in the order of the file, are ways back. */
function markBackWays(ways: readonly GraphWay[], starts: readonly string[]): readonly GraphWay[] {
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
export function waysByStart(ways: readonly GraphWay[]): ReadonlyMap<string, readonly GraphWay[]> {
  const byStart = new Map<string, GraphWay[]>()
  for (const way of ways) byStart.set(way.from, [...(byStart.get(way.from) ?? []), way])
  return byStart
}

/** How a node is called in a sentence. */
export function nameOf(graph: Graph, around: Surroundings, id: string): string {
  if (id === ENTRY) return words.entry.title
  return graph.endings.find((ending) => ending.id === id)?.title ?? titleOf(id, around)
}
