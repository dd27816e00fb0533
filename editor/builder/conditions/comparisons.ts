/** Sentences that compare a value: "Score is over 80", "Country is one of NP, TR", "Renewal date is later than 7 days ago". */
import { durationInWords, fieldInWords, parseDuration, type Json } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { readLength, UNITS, writtenLength } from '../steps/delays.ts'
import {
  attributeName,
  fieldSubject,
  propertiesOf,
  propertyInWords,
  propertySubject,
  type Subject,
} from './around.ts'
import { hasOnly, isList, typedText, withPart, type Raw } from './json.ts'
import type { FieldOperator } from './kinds.ts'
import { numberOrNone, type Form, type Reading } from './line.ts'
import { collector, typedName, type Choice, type NamePart, type Part } from './parts.ts'

const { conditions } = words

export const fieldForm: Form = (reading) => {
  const { field } = reading.raw
  if (typeof field !== 'string' || !hasOnly(reading.raw, ['field'], ['operator', 'value'])) return undefined
  const spoken = compared(reading, fieldSubject(field, reading.around), (subject) =>
    fieldPart(reading, field, subject),
  )
  return spoken && { form: 'field', words: spoken }
}

export const eventForm: Form = (reading) => {
  const { event } = reading.raw
  if (typeof event !== 'string' || !hasOnly(reading.raw, ['event'], ['operator', 'value'])) return undefined
  const spoken = compared(reading, propertySubject(event, reading.around), (subject) =>
    propertyPart(reading, event, subject),
  )
  return spoken && { form: 'event', words: spoken }
}

function fieldPart({ raw, base, around, write }: Reading, field: string, { said, mark }: Subject): NamePart {
  const isCompany = field.startsWith('company.')
  const prefix = isCompany ? 'company.' : ''
  const { vocabulary } = around
  const names = isCompany
    ? vocabulary?.company.map(({ name }) => `company.${name}`)
    : ['EMAIL', ...(vocabulary?.attributes.map(({ name }) => name) ?? []), 'stage', ...CONSENT_FIELDS]
  return {
    kind: 'name',
    id: 'field',
    label: conditions.parts.field,
    at: `${base}/field`,
    need: conditions.reasons.field,
    value: field,
    said: field === prefix ? '' : said,
    choices: [...new Set(names)].map((value) => ({ value, label: fieldLabel(value) })),
    mark,
    typed: (text) => {
      const name = attributeName(text)
      return name === null ? null : prefix + name
    },
    pick: (value) => write({ ...raw, field: value }),
  }
}

const CONSENT_FIELDS = ['consent.email', 'consent.sms', 'consent.profiling'] as const

export function fieldLabel(field: string): string {
  if (field === 'stage') return conditions.stage
  return field === 'EMAIL' ? conditions.email : fieldInWords(field)
}

function propertyPart(
  { raw, base, around, write }: Reading,
  event: string,
  { said, mark }: Subject,
): NamePart {
  return {
    kind: 'name',
    id: 'property',
    label: conditions.parts.property,
    at: `${base}/event`,
    need: conditions.reasons.property,
    value: event,
    said: event === '' ? '' : said,
    choices: propertiesOf(around).map((value) => ({ value, label: propertyInWords(value, around.event) })),
    mark,
    typed: typedName,
    pick: (value) => write({ ...raw, event: value }),
  }
}

// ---- Operator and value ------------------------------------------------------------------------------------------

function compared(reading: Reading, subject: Subject, subjectPart: (subject: Subject) => NamePart) {
  const { operator = '', value } = reading.raw
  if (typeof operator !== 'string' || !isTyped(value)) return undefined
  const { mark, spoken } = collector()
  const { sentences } = conditions
  const chosen = chosenOperator(reading)
  const [what, how] = [mark(subjectPart(subject)), mark(operatorPart(reading, subject, chosen))]
  if (operator === 'is empty' || operator === 'is not empty') return spoken(sentences.fieldAlone(what, how))
  if (!chosen.includes('ago:')) return spoken(sentences.field(what, how, mark(valuePart(reading, subject))))
  const lengths = lengthParts(reading.raw, 'value', reading.base, reading.write)
  return spoken(sentences.fieldAgo(what, how, lengths.map(mark).join(' ')))
}

/** Whether a value is one that somebody typed, right or wrong. */
function isTyped(value: Json | undefined): boolean {
  if (isList(value)) return value.every((item) => item !== null && typeof item !== 'object')
  return value === undefined || (value !== null && typeof value !== 'object')
}

function chosenOperator({ raw: { operator = '', value }, negated }: Reading): string {
  const isAgo =
    (operator === 'before' || operator === 'after') && typeof value === 'string' && value.startsWith('P')
  return `${negated ? 'not:' : ''}${isAgo ? 'ago:' : ''}${typedText(operator)}`
}

const NUMBERS = ['=', 'not:=', '>', '>=', '<', '<='] as const
const TEXTS = ['=', 'not:=', 'in', 'not:in', 'contains', 'not:contains', 'starts with', 'ends with'] as const
const DATES = ['before', 'after', 'ago:before', 'ago:after'] as const
const KNOWN = ['is not empty', 'is empty'] as const

/** What is worth asking of a subject; others are shown where they stand already. */
function operatorsFor({ type, isOpen, isAlwaysKnown }: Subject): readonly FieldOperator[] {
  const own = operatorsOf(type, isOpen, isAlwaysKnown)
  return isAlwaysKnown ? own : [...own, ...KNOWN]
}

function operatorsOf(
  type: Subject['type'],
  isOpen: boolean,
  isAlwaysKnown: boolean | undefined,
): readonly FieldOperator[] {
  if (!isOpen) return isAlwaysKnown ? ['=', 'not:='] : ['=', 'not:=', 'in', 'not:in']
  switch (type) {
    case 'number':
      return NUMBERS
    case 'text':
      return TEXTS
    case 'yesno':
      return ['=', 'not:=']
    case 'date':
      return DATES
    case 'list':
      return ['contains', 'not:contains']
    case 'mixed':
    case null:
      return [...TEXTS, '>', '>=', '<', '<=', ...DATES]
  }
}

function operatorPart({ raw, base, write }: Reading, subject: Subject, chosen: string): Part {
  const offered: readonly string[] = operatorsFor(subject)
  const all = chosen === '' || offered.includes(chosen) ? offered : [...offered, chosen]
  return {
    kind: 'choice',
    id: 'operator',
    label: conditions.parts.operator,
    at: `${base}/operator`,
    need: conditions.reasons.operator,
    value: chosen,
    said: operatorInWords(chosen),
    choices: all.map((value) => ({ value, label: operatorInWords(value) })),
    pick: (value) => {
      const negated = value.startsWith('not:')
      const isAgo = value.includes('ago:')
      const operator = value.replace(/^(?:not:)?(?:ago:)?/, '')
      return write(
        withPart({ ...raw, operator }, 'value', carried(raw['value'], operator, isAgo, subject)),
        negated,
      )
    },
  }
}

function operatorInWords(operator: string): string {
  const said = Object.hasOwn(conditions.operators, operator) ? conditions.operators[operator] : undefined
  if (said !== undefined) return said
  return operator.startsWith('not:')
    ? conditions.notOperator(operatorInWords(operator.slice('not:'.length)))
    : operator
}

/** What was typed goes along to another operator, as far as it can stand there. */
function carried(
  value: Json | undefined,
  operator: string,
  isAgo: boolean,
  subject: Subject,
): Json | undefined {
  const [first] = isList(value) ? value : [value]
  switch (operator) {
    case 'is empty':
    case 'is not empty':
      return undefined
    case 'in':
    case 'not in':
      return isList(value) ? value : value === undefined ? undefined : [value]
    case 'before':
    case 'after': {
      const isLength = typeof first === 'string' && first.startsWith('P')
      if (isAgo) return isLength ? first : 'P30D'
      return isLength ? undefined : first
    }
    case '>':
    case '>=':
    case '<':
    case '<=':
      return typeof first === 'string' ? numberOrNone(first) : first
    case '=':
    case '!=':
      return first === undefined ? undefined : typedValue(typedText(first), subject, first)
    default:
      return first === undefined ? undefined : typedText(first)
  }
}

/** What was typed, as a value of the kind that the subject has. */
function typedValue(text: string, { type, choices }: Subject, before?: Json): Json | undefined {
  if (text.trim() === '') return undefined
  if (before !== undefined && !isList(before) && typedText(before) === text) return before
  if (type === 'number') return numberOrNone(text)
  if (type === 'yesno' && (text === 'true' || text === 'false')) return text === 'true'
  const isFree = type === 'mixed' || type === null
  const wasText = typeof before === 'string' && typeof numberOrNone(before) === 'number'
  if (!isFree || wasText || choices.some(({ value }) => value === text)) return text
  const number = numberOrNone(text)
  return typeof number === 'number' && String(number) === text.trim() ? number : text
}

function valuePart(reading: Reading, subject: Subject): Part {
  const { raw, base, write } = reading
  const { operator, value } = raw
  const common = { id: 'value', label: conditions.parts.value, at: `${base}/value` }
  const put = (next: Json | undefined) => write(withPart(raw, 'value', next))
  const said = typedText(value)
  switch (operator) {
    case 'in':
    case 'not in':
      return {
        ...common,
        kind: 'list',
        label: conditions.parts.values,
        need: conditions.reasons.value,
        values: isList(value) ? value.map(typedText) : said === '' ? [] : [said],
        placeholder: conditions.choose.values,
        choices: subject.choices,
        isOpen: subject.isOpen,
        write: (values) => {
          const typed = values.flatMap((text) => typedValue(text, subject, sameIn(value, text)) ?? [])
          return put(typed.length === 0 ? undefined : typed)
        },
      }
    case '>':
    case '>=':
    case '<':
    case '<=':
      return numberPart(common, said, conditions.reasons.number, (text) => put(numberOrNone(text)))
    case 'before':
    case 'after':
      return {
        ...common,
        kind: 'date',
        label: conditions.parts.date,
        need: conditions.reasons.date,
        value: said,
        write: (text) => put(text === '' ? undefined : text),
      }
    case '=':
    case '!=':
    case undefined:
      return equalPart(reading, subject, said, put)
    default:
      return {
        ...common,
        kind: 'text',
        need: conditions.reasons.text,
        value: said,
        placeholder: conditions.choose.value,
        choices: subject.choices,
        write: (text) => put(text === '' ? undefined : text),
      }
  }
}

/** The item of a list that says the same, so that a number stays one. */
function sameIn(value: Json | undefined, text: string): Json | undefined {
  return isList(value) ? value.find((item) => typedText(item) === text) : undefined
}

function equalPart(
  { raw: { value }, base }: Reading,
  subject: Subject,
  said: string,
  put: (next: Json | undefined) => Raw,
): Part {
  const common = { id: 'value', label: conditions.parts.value, at: `${base}/value` }
  const { type, choices, isOpen } = subject
  const isYesNo = type === 'yesno' || typeof value === 'boolean'
  if (isYesNo || !isOpen) {
    const offered = isYesNo ? YES_NO : choices
    return {
      ...common,
      kind: 'choice',
      need: conditions.reasons.value,
      value: said,
      said: offered.find((choice) => choice.value === said)?.label ?? said,
      choices: offered,
      pick: (text) => put(text === said ? value : isYesNo ? text === 'true' : text),
    }
  }
  const write = (text: string) => put(typedValue(text, subject, value))
  if (type === 'number')
    return {
      ...numberPart(common, said, conditions.reasons.number, write),
      isDoubtful: typeof value === 'string',
    }
  const number = numberOrNone(said)
  const isNumeric = typeof number === 'number' && String(number) === said
  const isFree = type === 'mixed' || type === null
  return {
    ...common,
    kind: 'text',
    need: conditions.reasons.value,
    value: said,
    placeholder: conditions.choose.value,
    choices,
    ...(isFree && isNumeric && { type: typeSwitch(typeof value === 'number', number, put) }),
    write,
  }
}

function typeSwitch(isNumber: boolean, number: number, put: (next: Json) => Raw) {
  const said = isNumber ? conditions.asNumber : conditions.asText
  return { said, label: conditions.typeSwitch(said), turn: () => put(isNumber ? String(number) : number) }
}

const YES_NO: readonly Choice[] = [
  { value: 'true', label: conditions.yes },
  { value: 'false', label: conditions.no },
]

// ---- Parts that several sentences have ---------------------------------------------------------------------------

export function numberPart(
  common: Pick<Part, 'id' | 'label' | 'at'>,
  value: string,
  need: string,
  write: (text: string) => Raw,
) {
  return { ...common, kind: 'number', value, need, placeholder: conditions.choose.number, write } as const
}

/** A length of time in a part of an object: a number and its unit, or one menu for what has several or is none. */
export function lengthParts(raw: Raw, key: string, base: string, write: (raw: Raw) => Raw): readonly Part[] {
  const text = typedText(raw[key])
  const length = readLength(text)
  const common = { at: `${base}/${key}`, need: conditions.reasons.length }
  const put = (next: string) => write({ ...raw, [key]: next })
  if (length === undefined)
    return [
      {
        ...common,
        kind: 'choice',
        id: 'length',
        label: conditions.parts.amount,
        value: text,
        said: lengthInWords(text),
        choices: [...new Set([text, ...USUAL])].map((value) => ({ value, label: lengthInWords(value) })),
        pick: put,
      },
    ]
  const { count, unit } = length
  const unitInWords = (one: (typeof UNITS)[number]) => conditions.units[one](count)
  return [
    numberPart(
      { id: 'amount', label: conditions.parts.amount, at: common.at },
      String(count),
      common.need,
      (typed) => put(writtenLength({ count: numberOrNone(typed) ?? '', unit })),
    ),
    {
      ...common,
      kind: 'choice',
      id: 'unit',
      label: conditions.parts.unit,
      at: `${common.at}/unit`,
      value: unit,
      said: unitInWords(unit),
      choices: UNITS.map((value) => ({ value, label: unitInWords(value) })),
      pick: (value) => put(writtenLength({ count, unit: UNITS.find((one) => one === value) ?? unit })),
    },
  ]
}

const USUAL = ['P1D', 'P7D', 'P30D', 'P90D'] as const

function lengthInWords(text: string): string {
  const duration = parseDuration(text)
  return duration ? durationInWords(duration) : text
}
