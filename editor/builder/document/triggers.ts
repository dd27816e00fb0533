/** What lets people in, as the cards of the frame "Who enters": the author's words, else the event and its filter in ours. */
import {
  delayInWords,
  fieldInWords,
  firstStepOf,
  inWords,
  parseDelay,
  STAGES,
  timeInWords,
  triggersOf,
  weekdaysInWords,
  type Condition,
  type Journey,
  type Stage,
  type Trigger,
} from '../../../engine/index.ts'
import { eventInWords, words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import type { TriggerPlace } from './places.ts'
import { conditionInWords, isSound } from './sentences.ts'

export interface TriggerCard {
  readonly title: string
  /** The event and its filter where the title is the author's, else the filter; absent where the title says it all. */
  readonly detail?: string
  readonly target: string
  readonly place: TriggerPlace
}

/** How the journey with an id is called. */
type JourneyName = (id: string) => string

/** Every trigger of a journey, in the order of the file. */
export function triggerCardsOf(
  journey: Journey,
  journeyName: JourneyName = (id) => id,
): readonly TriggerCard[] {
  return Object.entries(journey.on).flatMap(([event, on]) =>
    triggersOf(on).map((trigger, index) =>
      triggerCard({ from: 'trigger', event, index }, trigger, journeyName),
    ),
  )
}

function triggerCard(place: TriggerPlace, trigger: Trigger, journeyName: JourneyName): TriggerCard {
  const { event } = place
  const { when, at } = trigger.guard.params ?? {}
  const target = firstStepOf(trigger)
  const said = triggerInWords(event, when, journeyName)
  const { what, filter } = at === undefined ? said : { ...said, what: triggerTimeInWords(at) }
  const label = trigger.meta?.label
  if (label !== undefined)
    return {
      title: label,
      detail: filter === undefined ? what : words.entry.filtered(what, filter),
      target,
      place,
    }
  return { title: what, target, place, ...(filter === undefined ? {} : { detail: words.entry.only(filter) }) }
}

/** The property by which our own events say what they are about; the sentence names it, so the filter need not. */
const SUBJECTS: {
  readonly [event: string]: {
    readonly property: string
    /** What the value is called, where that is not the value itself. */
    readonly called?: (value: string, journeyName: JourneyName) => string
    readonly say: (called: string) => string
  }
} = {
  'score.changed': {
    property: 'attribute',
    say: (attribute) => words.entry.changes(fieldInWords(attribute)),
  },
  'attribute.changed': {
    property: 'attribute',
    say: (attribute) => words.entry.changes(fieldInWords(attribute)),
  },
  'list.joined': { property: 'list', say: (list) => words.entry.joins(list) },
  'list.left': { property: 'list', say: (list) => words.entry.leaves(list) },
  'segment.entered': { property: 'segment', say: (segment) => words.entry.entersSegment(segment) },
  'segment.left': { property: 'segment', say: (segment) => words.entry.leavesSegment(segment) },
  'stage.changed': {
    property: 'after',
    called: (stage) => (isStage(stage) ? words.stages[stage].name : stage),
    say: (stage) => words.entry.reaches(stage),
  },
  'journey.entered': {
    property: 'journey',
    called: (id, journeyName) => journeyName(id),
    say: (journey) => words.entry.enters(journey),
  },
  'journey.finished': {
    property: 'journey',
    called: (id, journeyName) => journeyName(id),
    say: (journey) => words.entry.finishes(journey),
  },
}

/** By which property an event says what it is about; undefined for all others. */
export function subjectOf(event: string): string | undefined {
  return Object.hasOwn(SUBJECTS, event) ? SUBJECTS[event]?.property : undefined
}

function isStage(text: string): text is Stage {
  return STAGES.some((stage) => stage === text)
}

/** "Every Monday at 9:00", "7 days before Renewal date", "Every year on Birthday at 9:00"; the text itself where it is no time. */
function triggerTimeInWords(at: string): string {
  const delay = parseDelay(at)
  if (delay === undefined) return at
  if (delay.type === 'at') {
    const days = weekdaysInWords(delay.weekdays, 'and')
    const time = timeInWords(delay.time)
    return days === '' ? words.entry.everyDay(time) : words.entry.everyWeekday(days, time)
  }
  return delay.type === 'date' && delay.yearly
    ? words.entry.everyYear(delayInWords({ ...delay, yearly: false }))
    : upper(delayInWords(delay))
}

interface Said {
  readonly what: string
  readonly filter?: string
}

/** "Leaves “Newsletter”", with what must hold besides. */
function triggerInWords(event: string, when: Condition | undefined, journeyName: JourneyName): Said {
  if (when !== undefined && !isSound(when))
    return { what: eventInWords(event), filter: conditionInWords(when) }
  const parts = when === undefined ? [] : 'all' in when ? when.all : [when]
  const crossed = parts.find((part) => 'crossed' in part)
  const about = parts.find((part) => subjectIn(event, part, journeyName) !== undefined)
  const rest = parts.filter((part) => part !== about && part !== crossed)
  const what = crossed
    ? inWords(crossed)
    : about
      ? (subjectIn(event, about, journeyName) ?? '')
      : eventInWords(event)
  return { what, ...(rest.length === 0 ? {} : { filter: inWords({ all: rest }) }) }
}

/** The event with its subject, where this part of the filter names it. */
function subjectIn(event: string, part: Condition, journeyName: JourneyName): string | undefined {
  const subject = Object.hasOwn(SUBJECTS, event) ? SUBJECTS[event] : undefined
  if (subject === undefined || !('event' in part) || part.event !== subject.property) return undefined
  const called = (value: unknown) => subject.called?.(String(value), journeyName) ?? String(value)
  if (part.operator === '=') return subject.say(called(part.value))
  return part.operator === 'in' && Array.isArray(part.value)
    ? subject.say(words.entry.oneOf(part.value.map(called)))
    : undefined
}
