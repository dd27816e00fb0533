/** What surrounds a condition: what is known of the names in it, and what may be asked where it stands. */
import { ATTRIBUTE_NAME, fieldInWords, INTERNAL_EVENTS, plain, STAGES } from '../../../engine/index.ts'
import type { ConditionScope, NamedValues, ReceivedEvent, ValueType, Vocabulary } from '../../answers.ts'
import { eventInWords, words } from '../../words.ts'
import { attributeNamed } from '../steps/names.ts'
import type { Choice } from './parts.ts'

export interface Around {
  /** Undefined while it is on its way: then nothing is marked as never received. */
  readonly vocabulary: Vocabulary | undefined
  /** `where`: the condition is about one event's own properties. */
  readonly scope: ConditionScope | 'where'
  /** The event that is at hand when the condition is asked; absent: there is none. */
  readonly event?: string | undefined
  /** Messages that a passage may have got before it comes here. */
  readonly messages: readonly { readonly step: string; readonly title: string }[]
}

/** Whether a passage is known where the condition is asked, with what it began with and got since. */
export function knowsPassage({ scope }: Around): boolean {
  return scope === 'branch'
}

/** Something whose values are compared. */
export interface Subject {
  readonly said: string
  readonly type: ValueType | null
  /** Values to choose from; where `isOpen` is false, there are no others. */
  readonly choices: readonly Choice[]
  readonly isOpen: boolean
  readonly mark: string | null
  /** Whether it always has a value. */
  readonly isAlwaysKnown?: boolean
}

const { conditions } = words

/** What a field of a contact is: an attribute, a score, the stage, consent, or an attribute of the company. */
export function fieldSubject(field: string, { vocabulary }: Around): Subject {
  if (field === 'stage') return closed(conditions.stage, stageChoices())
  if (field.startsWith('consent.')) return { ...closed(fieldInWords(field), CONSENTS), isAlwaysKnown: true }
  if (field === 'EMAIL')
    return { said: conditions.email, type: 'text', choices: [], isOpen: true, mark: null }
  const isCompany = field.startsWith('company.')
  const name = isCompany ? field.slice('company.'.length) : field
  const all: readonly NamedValues[] | undefined = isCompany ? vocabulary?.company : vocabulary?.attributes
  const known = all?.find((one) => one.name === name)
  return {
    ...valued(fieldInWords(field), known),
    mark: known || !vocabulary ? null : vocabulary.looked === null ? conditions.never : conditions.notLately,
    isAlwaysKnown: field === 'SCORE',
  }
}

const CONSENTS: readonly Choice[] = Object.entries(conditions.consentStatuses).map(([value, label]) => ({
  value,
  label,
}))

function stageChoices(): readonly Choice[] {
  return STAGES.map((stage) => ({ value: stage, label: words.stages[stage].name }))
}

function closed(said: string, choices: readonly Choice[]): Subject {
  return { said, type: 'text', choices, isOpen: false, mark: null }
}

function valued(said: string, known: NamedValues | undefined): Omit<Subject, 'mark'> {
  const choices = (known?.samples ?? []).map((sample) => ({
    value: String(sample),
    label: sampleInWords(sample),
  }))
  return { said, type: known?.type ?? null, choices, isOpen: true }
}

function sampleInWords(sample: string | number | boolean): string {
  return typeof sample === 'boolean' ? (sample ? conditions.yes : conditions.no) : String(sample)
}

/** What a property of an event is; those of our own events name things there are. */
export function propertySubject(property: string, around: Around): Subject {
  const { vocabulary, event } = around
  const said = propertyInWords(property, event)
  const isOurs = event !== undefined && Object.hasOwn(INTERNAL_EVENTS, event)
  const named = isOurs ? namedBy(property, event, around) : undefined
  if (named) return { said, type: 'text', choices: named, isOpen: true, mark: null }
  const known = eventOf(around, event)?.properties.find(({ name }) => name === property)
  const isUnheard = !known && !isOurs && event !== undefined && vocabulary !== undefined && property !== ''
  return { ...valued(said, known), mark: isUnheard ? conditions.never : null }
}

/** "The event’s path"; "The list" of our own events. */
export function propertyInWords(property: string, event: string | undefined): string {
  const isOurs = event !== undefined && Object.hasOwn(INTERNAL_EVENTS, event)
  const own =
    isOurs && Object.hasOwn(conditions.properties, property) ? conditions.properties[property] : undefined
  return own ?? conditions.property(plain(property))
}

function namedBy(
  property: string,
  event: string,
  { vocabulary, messages }: Around,
): readonly Choice[] | undefined {
  const same = (names: readonly string[] = []) => names.map((value) => ({ value, label: value }))
  if (event.startsWith('stage.'))
    return property === 'before' || property === 'after' ? stageChoices() : undefined
  switch (property) {
    case 'list':
      return same(vocabulary?.lists)
    case 'segment':
      return same(vocabulary?.segments)
    case 'attribute':
      return (vocabulary?.attributes ?? [])
        .filter(({ score }) => score === (event === 'score.changed'))
        .map(({ name }) => ({ value: name, label: fieldInWords(name) }))
    case 'journey':
      return vocabulary?.journeys.map(({ id, name }) => ({ value: id, label: name })) ?? []
    case 'step':
      return messages.map(({ step, title }) => ({ value: step, label: title }))
    default:
      return undefined
  }
}

/** What our own events say of themselves. */
const OWN_PROPERTIES: readonly (readonly [prefix: string, properties: readonly string[]])[] = [
  ['score.', ['attribute', 'before', 'after', 'by']],
  ['attribute.', ['attribute', 'before', 'after']],
  ['list.', ['list']],
  ['segment.', ['segment']],
  ['stage.', ['before', 'after']],
  ['email.', ['journey', 'step', 'link']],
  ['sms.', ['journey', 'step', 'link']],
  ['webhook.', ['journey', 'step']],
  ['journey.', ['journey']],
]

/** Properties of the event at hand, the commonest first. */
export function propertiesOf(around: Around): readonly string[] {
  const { event } = around
  if (event === undefined) return []
  const own = OWN_PROPERTIES.find(
    ([prefix]) => event.startsWith(prefix) && Object.hasOwn(INTERNAL_EVENTS, event),
  )
  return own ? own[1] : (eventOf(around, event)?.properties.map(({ name }) => name) ?? [])
}

export function eventOf({ vocabulary }: Around, name: string | undefined): ReceivedEvent | undefined {
  return vocabulary?.events.find((event) => event.name === name)
}

/** What is known of an event that a client sends, where it is not simply known. */
export function eventMark(name: string, around: Around): string | null {
  const { vocabulary } = around
  if (!vocabulary || name === '' || Object.hasOwn(INTERNAL_EVENTS, name) || eventOf(around, name)) return null
  return vocabulary.since === null ? conditions.never : conditions.notLately
}

/** Events that clients sent, the commonest first. */
export function clientEvents({ vocabulary }: Around): readonly ReceivedEvent[] {
  return vocabulary?.events.filter(({ name }) => !Object.hasOwn(INTERNAL_EVENTS, name)) ?? []
}

/** How lately and often an event came. */
export function eventHint({ last30Days }: ReceivedEvent): string {
  return last30Days === 0 ? conditions.notSeen : conditions.seen(last30Days)
}

export function eventChoice(event: ReceivedEvent): Choice {
  return { value: event.name, label: eventInWords(event.name), hint: eventHint(event) }
}

/** A typed name as that of an attribute: "Shoe size" is SHOE_SIZE; null where nothing of it could be one. */
export function attributeName(text: string): string | null {
  const name = attributeNamed(text)
  return ATTRIBUTE_NAME.test(name) ? name : null
}
