/** What is different between two versions of a journey, in the words of its cards. Pure. */
import {
  changesOf,
  kindOf,
  type Changes,
  type Journey,
  type JourneyMeta,
  type StepChange,
  type StepKind,
  type StepPart,
} from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import { ENTRY } from '../document/frame.ts'
import { reentryInWords } from '../document/graph.ts'
import {
  conditionInWords,
  kindNameOf,
  sentenceOf,
  titleOf,
  type Surroundings,
} from '../document/sentences.ts'
import { triggerCardsOf } from '../document/triggers.ts'

export type Mark = keyof typeof words.publish.differences.marks

export interface Difference {
  /** The step, or the part of the frame "Who enters". */
  readonly id: string
  readonly mark: Mark
  readonly title: string
  /** Absent for what is no step. */
  readonly kind?: StepKind
  /** What it said and what it says, where that is not the same; of a new or removed one, what it says. */
  readonly from?: string
  readonly to?: string
  /** What of it changed where its sentence is the same. */
  readonly what?: readonly string[]
}

/** Everything that changed, settings first, then step by step in the order of the file. */
export function differencesOf(before: Surroundings, after: Surroundings): readonly Difference[] {
  const { added, removed, changed, entry, settings } = changesOf(before.journey, after.journey)
  return [
    ...settings.map((setting) => settingDifference(setting, before.journey, after.journey)),
    ...(entry.length > 0 ? [entryDifference(before.journey, after.journey, entry)] : []),
    ...changed.map((change) => stepDifference(change, before, after)),
    ...added.map((id) => wholeStep(id, 'added', after)),
    ...removed.map((id) => wholeStep(id, 'removed', before)),
  ]
}

/** What a version changed, counted: "2 steps new, 1 step changed, who enters". */
export function changesInWords(
  { added, removed, changed, entry, settings }: Changes,
  isFirst: boolean,
): string {
  const said = words.publish.differences.counted
  if (isFirst) return said.first
  const parts = [
    ...(added.length > 0 ? [said.added(added.length)] : []),
    ...(changed.length > 0 ? [said.changed(changed.length)] : []),
    ...(removed.length > 0 ? [said.removed(removed.length)] : []),
    ...(entry.length > 0 ? [said.entry] : []),
    ...(settings.length > 0 ? [said.settings] : []),
  ]
  return parts.length === 0 ? said.none : upper(parts.join(', '))
}

/** What the journey says of itself, and is drawn nowhere. */
const UNDRAWN: readonly string[] = (['format', 'name', 'description', 'stage'] as const).map(settingId)

/** Which cards are marked how, for a drawing; all that is about who enters marks the frame. */
export function marksOf(differences: readonly Difference[]): ReadonlyMap<string, Mark> {
  return new Map(
    differences
      .filter(({ id }) => !UNDRAWN.includes(id))
      .map(({ id, mark }) => [id.startsWith(`${ENTRY}:`) ? ENTRY : id, mark]),
  )
}

function settingId(setting: keyof JourneyMeta): string {
  return `${ENTRY}:${setting}`
}

function wholeStep(id: string, mark: 'added' | 'removed', around: Surroundings): Difference {
  const step = around.journey.states[id]
  if (step === undefined) return { id, mark, title: id }
  const sentence = sentenceOf(step, around)
  const title = step.meta?.label ?? kindNameOf(step)
  return {
    id,
    mark,
    title,
    kind: kindOf(step),
    ...(mark === 'added' ? { to: sentence } : { from: sentence }),
  }
}

function stepDifference(
  { step: id, parts }: StepChange,
  before: Surroundings,
  after: Surroundings,
): Difference {
  const [old, now] = [before.journey.states[id], after.journey.states[id]]
  const title = now?.meta?.label ?? (now === undefined ? titleOf(id, after) : kindNameOf(now))
  const common = { id, mark: 'changed' as const, title, ...(now && { kind: kindOf(now) }) }
  const [from, to] = [old && sentenceOf(old, before), now && sentenceOf(now, after)]
  if (from !== undefined && to !== undefined && from !== to) return { ...common, from, to }
  return { ...common, what: parts.map((part) => words.publish.differences.parts[part]) }
}

function entryDifference(before: Journey, after: Journey, parts: readonly StepPart[]): Difference {
  const [from, to] = [triggersInWords(before), triggersInWords(after)]
  const common = { id: ENTRY, mark: 'changed', title: words.entry.title } as const
  return from === to
    ? { ...common, what: parts.map((part) => words.publish.differences.parts[part]) }
    : { ...common, from, to }
}

function triggersInWords(journey: Journey): string {
  const cards = triggerCardsOf(journey).map(({ title, detail }) =>
    detail === undefined ? title : `${title} (${detail})`,
  )
  return cards.length === 0 ? words.entry.nobody : cards.join(` ${words.entry.or} `)
}

function settingDifference(setting: keyof JourneyMeta, before: Journey, after: Journey): Difference {
  const title = words.publish.differences.settings[setting]
  const [from, to] = [settingInWords(setting, before), settingInWords(setting, after)]
  const common = { id: settingId(setting), mark: 'changed', title } as const
  return from === to ? { ...common, what: [] } : { ...common, from, to }
}

/** What a journey says of itself, in words; that it says nothing where it does not. */
function settingInWords(setting: keyof JourneyMeta, journey: Journey): string {
  const { name, description, stage, audience, goal, exits } = journey.meta
  const { nothing } = words.publish.differences
  switch (setting) {
    case 'name':
      return name
    case 'description':
      return description ?? nothing
    case 'stage':
      return stage === undefined ? nothing : (words.stages[stage]?.name ?? stage)
    case 'reentry':
      return reentryInWords(journey)
    case 'audience':
      return audience === undefined ? nothing : conditionInWords(audience)
    case 'goal':
      return endingsInWords(goal === undefined ? [] : [goal])
    case 'exits':
      return endingsInWords(exits ?? [])
    case 'format':
      return String(journey.meta.format)
  }
}

function endingsInWords(endings: readonly NonNullable<JourneyMeta['goal']>[]): string {
  const said = endings.map(({ when }) => conditionInWords(when))
  return said.length === 0 ? words.publish.differences.nothing : said.join(` ${words.entry.or} `)
}
