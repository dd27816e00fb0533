/**
 * Everything that can be done to the open journey by its name: the one list behind the keys, the menus and the list of
 * all commands. Each says why it cannot be done where it cannot.
 */
import { kindOf } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { addBranch, swapBranches } from '../document/branches.ts'
import { copied, duplicate, pastedIds, pasteSteps } from '../document/clipboard.ts'
import { inARow, type Command } from '../document/command.ts'
import { removeStep, tidy, waysOn } from '../document/commands.ts'
import type { Draft } from '../document/draft.ts'
import { flowOf, neighbourOf, type Direction } from '../document/flow.ts'
import { ENTRY, frameId, framePartOf } from '../document/frame.ts'
import { removeTrigger } from '../document/frameCommands.ts'
import { nameOf, type Graph } from '../document/graph.ts'
import { placesBefore, placesInto, type Place, type TriggerPlace } from '../document/places.ts'
import type { Surroundings } from '../document/sentences.ts'
import type { Question } from '../state/questions.ts'
import type { Builder } from '../state/store.ts'

/** What an action works on. */
export interface Editing {
  readonly builder: Builder
  readonly graph: Graph
  readonly around: Surroundings
  /** How many people are at a step now. */
  readonly people: Readonly<Record<string, number>>
  readonly ask: (question: Question) => void
  /** The step or part of the frame that the focus is on; undefined where it is elsewhere. */
  readonly focused: () => string | undefined
  /** The drawing, where it is shown. */
  readonly view: View | null
  /** The bar at the top. */
  readonly bar: Bar | null
}

export interface View {
  /** Says why something did not happen, to be seen and heard. */
  readonly tell: (text: string) => void
  readonly zoomIn: () => void
  readonly zoomOut: () => void
  readonly fit: () => void
}

/** What the bar at the top offers for the journey as a whole. */
export interface Bar {
  /** Asks whether to publish, or tells why nothing can be. */
  readonly publish: () => void
  readonly showProblems: () => void
  /** Whether there are any. */
  readonly hasProblems: boolean
  readonly showHistory: () => void
}

export interface Action {
  readonly name: string
  /** As `keyOf` writes them: `mod+z`, `shift+?`, `Delete`. The first is shown. */
  readonly keys: readonly string[]
  /** Why it cannot be done now; null where it can. */
  readonly hindrance: (editing: Editing) => string | null
  readonly run: (editing: Editing) => void
}

const said = words.commands

function action(
  name: string,
  keys: readonly string[],
  run: Action['run'],
  hindrance: Action['hindrance'] = () => null,
): Action {
  return { name, keys, run, hindrance }
}

/** By name, in the order in which they are listed. */
export const ACTIONS = {
  add: action(said.add, ['a', '+'], (editing) => {
    const place = placeAfter(editing)
    if (place) editing.ask({ type: 'add', place })
  }),
  addBefore: action(
    said.addBefore,
    ['i'],
    (editing) => editing.ask({ type: 'add', place: { from: 'join', step: stepOf(editing) ?? '' } }),
    (editing) => needsStep(editing) ?? (isLedTo(editing) ? null : said.hindrances.ledTo),
  ),
  start: action(said.start, ['w'], ({ ask }) => ask({ type: 'start' })),
  remove: action(said.remove, ['Delete', 'Backspace'], remove, (editing) =>
    triggerOf(editing) === undefined ? needsSteps(editing) : null,
  ),
  replace: action(
    said.replace,
    ['r'],
    (editing) => editing.ask({ type: 'replace', id: stepOf(editing) ?? '' }),
    needsStep,
  ),
  duplicate: action(
    said.duplicate,
    ['mod+d'],
    (editing) => {
      const id = stepOf(editing)
      if (id === undefined) return
      const draft = draftIn(editing)
      const text = copied(draft, [id])
      const made = pastedIds(draft, text)
      apply(editing, duplicate(draft, id), said.duplicated(name(editing, id)), made)
    },
    needsStep,
  ),
  leadTo: action(
    said.leadTo,
    ['g'],
    (editing) => {
      const place = placeAfter(editing)
      if (place) editing.ask({ type: 'leadTo', place })
    },
    needsStep,
  ),
  addBranch: action(
    said.addBranch,
    ['b'],
    (editing) => apply(editing, addBranch(stepOf(editing) ?? ''), said.branchAdded),
    (editing) => (isFork(editing) ? null : said.hindrances.fork),
  ),
  swapBranches: action(
    said.swapBranches,
    ['s'],
    (editing) => apply(editing, swapBranches(stepOf(editing) ?? '', 0, 1), said.branchesSwapped),
    (editing) => (isFork(editing) ? null : said.hindrances.fork),
  ),
  undo: action(
    said.undo,
    ['mod+z'],
    ({ builder }) => {
      builder.undo()
      builder.say(said.undone)
    },
    ({ builder }) => (builder.get().history.past.length > 0 ? null : said.hindrances.undo),
  ),
  redo: action(
    said.redo,
    ['mod+shift+z', 'mod+y'],
    ({ builder }) => {
      builder.redo()
      builder.say(said.redone)
    },
    ({ builder }) => (builder.get().history.future.length > 0 ? null : said.hindrances.redo),
  ),
  selectAll: action(said.selectAll, ['mod+a'], (editing) => {
    editing.builder.select(flowOf(editing.graph).filter((id) => id !== ENTRY))
  }),
  selectNone: action(said.selectNone, ['Escape'], ({ builder }) => builder.select([])),
  tidy: action(said.tidy, ['t'], (editing) => apply(editing, tidy, said.tidied)),
  next: action(said.next, ['ArrowDown'], (editing) => go(editing, 'next')),
  previous: action(said.previous, ['ArrowUp'], (editing) => go(editing, 'previous')),
  before: action(said.before, ['ArrowLeft'], (editing) => go(editing, 'before')),
  behind: action(said.behind, ['ArrowRight'], (editing) => go(editing, 'behind')),
  fit: action(said.fit, ['0'], ({ view }) => view?.fit(), needsView),
  zoomIn: action(said.zoomIn, ['mod++', 'mod+='], ({ view }) => view?.zoomIn(), needsView),
  zoomOut: action(said.zoomOut, ['mod+-'], ({ view }) => view?.zoomOut(), needsView),
  publish: action(
    said.publish,
    ['p'],
    ({ bar }) => bar?.publish(),
    ({ bar }) => (bar === null ? said.hindrances.bar : null),
  ),
  problems: action(
    said.problems,
    ['e'],
    ({ bar }) => bar?.showProblems(),
    ({ bar }) => (bar?.hasProblems === true ? null : words.checking.none),
  ),
  history: action(
    said.history,
    ['h'],
    ({ bar }) => bar?.showHistory(),
    ({ bar }) => (bar === null ? said.hindrances.bar : null),
  ),
  commands: action(said.commands, ['mod+k'], ({ ask }) => ask({ type: 'commands' })),
  keys: action(said.keys, ['?'], ({ ask }) => ask({ type: 'keys' })),
} as const satisfies Record<string, Action>

export type ActionName = keyof typeof ACTIONS

/** Does an action where it can be done, and says why where it cannot. */
export function perform(editing: Editing, { run, hindrance }: Action): void {
  const why = hindrance(editing)
  if (why === null) run(editing)
  else tell(editing, why)
}

function tell({ view, builder }: Editing, text: string): void {
  if (view === null) builder.say(text)
  else view.tell(text)
}

/** The selected steps as text, which `put` takes to the clipboard; false where none is selected. */
export function copySelection(editing: Editing, put: (text: string) => void): boolean {
  const ids = stepsOf(editing)
  if (ids.length === 0) return false
  put(copied(draftIn(editing), ids))
  editing.builder.say(said.copied(ids.length))
  return true
}

/** The same by a button. Browsers give the clipboard to keys, and to buttons of pages that came over HTTPS. */
export async function copyByButton(editing: Editing): Promise<void> {
  const ids = stepsOf(editing)
  try {
    await navigator.clipboard.writeText(copied(draftIn(editing), ids))
    editing.builder.say(said.copied(ids.length))
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error
    editing.builder.say(said.notCopied)
  }
}

/** Puts copied steps behind what is selected, else at the very top. */
export function pasteText(editing: Editing, text: string): void {
  const place = placeAfter(editing) ?? { from: 'entry' }
  const made = pastedIds(draftIn(editing), text)
  apply(editing, pasteSteps(place, text), said.pasted(made.length), made)
}

/**
 * Where something goes that is put behind what is selected: its first way on, or the way into it where it is an end. Of
 * a trigger it is the trigger's own way, where it has one; of the frame and its other parts the first.
 */
function placeAfter({ builder, graph }: Pick<Editing, 'builder' | 'graph'>): Place | undefined {
  const { history, selection } = builder.get()
  const id = selection.at(-1) ?? ENTRY
  const own = graph.ways.find(({ from, to }) => from === id && to !== id)
  if (own !== undefined) return own.place
  if (Object.hasOwn(history.present.states, id)) return placesInto(history.present, id)[0]
  const entered = graph.ways.filter(({ from }) => from === ENTRY)
  const index = graph.entry.triggers.findIndex(({ place }) => frameId({ part: 'trigger', place }) === id)
  return (entered.find(({ trigger }) => trigger === index) ?? entered[0])?.place ?? { from: 'entry' }
}

function apply(editing: Editing, command: Command, say: string, select?: readonly string[]): void {
  const { builder } = editing
  const refusal = builder.apply(command, { say, ...(select === undefined ? {} : { select }) })
  if (refusal) tell(editing, words.builder.refusals[refusal.refused])
}

/**
 * Steps that only one way leaves go at once; for any other a person says which way stays. Where people are inside, a person
 * says so first.
 */
function remove(editing: Editing): void {
  const { ask } = editing
  const ids = stepsOf(editing)
  const [only, ...more] = ids
  const trigger = triggerOf(editing)
  if (trigger !== undefined)
    return apply(editing, removeTrigger(trigger), words.forms.trigger.removed, [ENTRY])
  if (only === undefined) return
  const areInside = insideOf(editing, ids) > 0
  if (more.length > 0) return areInside ? ask({ type: 'removeSeveral', ids }) : removeAll(editing, ids)
  if (areInside || waysOn(draftIn(editing), only).length > 1) return ask({ type: 'remove', id: only })
  removeAll(editing, ids)
}

/** How many people are at these steps now. */
export function insideOf({ people }: Pick<Editing, 'people'>, ids: readonly string[]): number {
  return ids.reduce((sum, id) => sum + (Object.hasOwn(people, id) ? (people[id] ?? 0) : 0), 0)
}

/** Deletes steps; of each that several ways leave, the first stays. */
export function removeAll(editing: Editing, ids: readonly string[]): void {
  const [only, ...more] = ids
  if (only === undefined) return
  const follows = neighbourOf(editing.graph, only, 'next') ?? neighbourOf(editing.graph, only, 'previous')
  // Some may have gone with those before them.
  const removals = ids.map(
    (id): Command =>
      (draft) =>
        draft.states[id] === undefined ? draft : removeStep(id)(draft),
  )
  const text = more.length === 0 ? said.removed(name(editing, only)) : said.removedSeveral(ids.length)
  apply(editing, inARow(...removals), text, follows === undefined || ids.includes(follows) ? [] : [follows])
}

function go(editing: Editing, direction: Direction): void {
  const id = editing.builder.get().selection.at(-1) ?? editing.focused()
  const to = id === undefined ? ENTRY : neighbourOf(editing.graph, id, direction)
  if (to === undefined) editing.builder.say(said.nothingThere)
  else editing.builder.select([to])
}

// ---- What is selected --------------------------------------------------------------------------------------------------

function draftIn({ builder }: Pick<Editing, 'builder'>): Draft {
  return builder.get().history.present
}

function stepsOf(editing: Editing): readonly string[] {
  const { states } = draftIn(editing)
  return editing.builder.get().selection.filter((id) => id !== ENTRY && Object.hasOwn(states, id))
}

function stepOf(editing: Editing): string | undefined {
  return stepsOf(editing).at(-1)
}

/** The trigger that is selected, and nothing else. */
function triggerOf({ builder }: Pick<Editing, 'builder'>): TriggerPlace | undefined {
  const [id = '', ...more] = builder.get().selection
  const part = more.length === 0 ? framePartOf(id) : undefined
  return part?.part === 'trigger' ? part.place : undefined
}

function isFork(editing: Editing): boolean {
  const step = draftIn(editing).states[stepOf(editing) ?? '']
  return step !== undefined && (kindOf(step) === 'condition' || kindOf(step) === 'split')
}

function isLedTo(editing: Editing): boolean {
  return placesBefore(draftIn(editing), stepOf(editing) ?? '').length > 0
}

function needsStep(editing: Editing): string | null {
  return stepOf(editing) === undefined ? said.hindrances.step : null
}

function needsSteps(editing: Editing): string | null {
  return stepsOf(editing).length === 0 ? said.hindrances.step : null
}

function needsView({ view }: Editing): string | null {
  return view === null ? said.hindrances.view : null
}

function name({ graph, around }: Editing, id: string): string {
  return nameOf(graph, around, id)
}
