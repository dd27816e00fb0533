/** What one can ask where a condition stands: the menu of a new line, with names that were really received. */
import {
  eventNameFault,
  INTERNAL_EVENTS,
  fieldInWords,
  isReservedEvent,
  plain,
} from '../../../engine/index.ts'
import { eventInWords, words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import {
  attributeName,
  clientEvents,
  eventHint,
  eventOf,
  knowsPassage,
  propertiesOf,
  propertyInWords,
  type Around,
} from './around.ts'
import { fieldLabel } from './comparisons.ts'
import { PAGE_VIEWED } from './counts.ts'
import type { Raw } from './json.ts'
import { ASK_GROUPS, COUNTED_PHRASES, type AskGroup } from './kinds.ts'

export interface Ask {
  readonly id: string
  readonly group: AskGroup
  readonly label: string
  readonly hint?: string
  /** The line that it begins with. */
  readonly line: Raw
  /** Only found by what is typed. */
  readonly isHidden?: true
}

const { conditions } = words
const { asks } = conditions

/** Everything there is to ask, in groups that follow each other. */
export function asksOf(around: Around): readonly Ask[] {
  if (around.scope === 'where') return propertyAsks(around)
  const all = [
    ...contactAsks(around),
    ...scoreAsks(around),
    ...listAsks(around),
    ...emailAsks(),
    ...websiteAsks(around),
    ...eventAsks(around),
    ...companyAsks(around),
    ...propertyAsks(around),
    ...messageAsks(around),
  ]
  // What just happened is what one asks about first.
  const order = around.event === undefined ? ASK_GROUPS : (['journey', ...ASK_GROUPS] as const)
  return [...new Set(order)].flatMap((group) => all.filter((ask) => ask.group === group))
}

function contactAsks({ vocabulary, scope }: Around): readonly Ask[] {
  const attributes = vocabulary?.attributes.filter(({ score, name }) => !score && name !== 'EMAIL') ?? []
  const builtIn = ['consent.email', 'EMAIL', 'consent.sms', 'consent.profiling']
  return [
    fieldAsk('stage', 'contact', '='),
    ...attributes.map(({ name, type, samples }, index) => ({
      ...fieldAsk(name, 'contact', FIRST_OPERATOR[type ?? 'mixed']),
      ...hintOf(samples),
      ...(index >= SHOWN && HIDDEN),
    })),
    ...builtIn.map((field) => fieldAsk(field, 'contact', '=')),
    ...(scope === 'branch'
      ? []
      : [{ id: 'everybody', group: 'contact' as const, label: asks.everybody, line: { everybody: true } }]),
  ]
}

/** More names than these are found by typing. */
const SHOWN = 8
const HIDDEN = { isHidden: true } as const

const FIRST_OPERATOR = {
  text: '=',
  number: '>=',
  yesno: '=',
  date: 'after',
  list: 'contains',
  mixed: '=',
} as const

function hintOf(samples: readonly (string | number | boolean)[]): { readonly hint?: string } {
  const shown = samples.slice(0, 3).map((sample) => (typeof sample === 'boolean' ? '' : String(sample)))
  const hint = conditions.examples(shown.filter((text) => text !== ''))
  return hint === '' ? {} : { hint }
}

function fieldAsk(field: string, group: AskGroup, operator: string): Ask {
  const line = { field, operator, ...(operator === 'after' && { value: 'P30D' }) }
  return { id: `field:${field}`, group, label: fieldLabel(field), line }
}

function scoreAsks({ vocabulary, scope, event }: Around): readonly Ask[] {
  const known = vocabulary?.attributes.filter(({ score }) => score).map(({ name }) => name) ?? []
  const scores = [...new Set(['SCORE', ...known])]
  const isCrossing = (scope === 'trigger' || scope === 'branch') && event === 'score.changed'
  return scores.flatMap((name, index): readonly Ask[] => {
    const said = fieldInWords(name)
    const common = { group: 'score' as const, ...(index >= SHOWN && HIDDEN) }
    const of = name === 'SCORE' ? {} : { attribute: name }
    const crossing = (direction: 'up' | 'down', label: string): Ask => ({
      ...common,
      id: `crossed:${name}:${direction}`,
      label,
      line: { crossed: '', direction, ...of },
    })
    return [
      ...(isCrossing ? [crossing('up', asks.rises(said)), crossing('down', asks.falls(said))] : []),
      { ...common, id: `score:${name}`, label: asks.scoreOver(said), line: { field: name, operator: '>' } },
    ]
  })
}

function listAsks({ vocabulary }: Around): readonly Ask[] {
  const group = 'lists' as const
  const some = (index: number) => (index >= SHOWN ? HIDDEN : {})
  return [
    { id: 'list', group, label: asks.list, line: { list: '' } },
    { id: 'segment', group, label: asks.segment, line: { segment: '' } },
    ...(vocabulary?.lists ?? []).map((list, index) => ({
      id: `list:${list}`,
      group,
      label: asks.onList(list),
      line: { list },
      ...some(index),
    })),
    ...(vocabulary?.segments ?? []).map((segment, index) => ({
      id: `segment:${segment}`,
      group,
      label: asks.inSegment(segment),
      line: { segment },
      ...some(index),
    })),
  ]
}

const LATELY = { within: 'P30D' } as const
const ONCE = { operator: '>=', value: 1 } as const

function emailAsks(): readonly Ask[] {
  const group = 'emails' as const
  const silent = {
    all: [
      { count: { event: 'email.clicked', ...LATELY }, operator: '=', value: 0 },
      { count: { event: 'email.sent', ...LATELY }, operator: '>=', value: 3 },
    ],
  }
  return [
    { id: 'silent', group, label: asks.silent, line: silent },
    { id: 'lastClicked', group, label: asks.lastClicked, line: { clicked: 3, ofLast: 3 } },
    ...COUNTED_PHRASES.map((event, index) => ({
      id: `phrase:${event}`,
      group,
      label: asks.has(conditions.phrases[event].one),
      line: { count: { event, ...LATELY }, ...ONCE },
      ...(index > 3 && HIDDEN),
    })),
  ]
}

function websiteAsks(around: Around): readonly Ask[] {
  const group = 'website' as const
  const line = (path?: string) => ({
    count: {
      event: PAGE_VIEWED,
      where: { event: 'path', operator: '=', ...(path !== undefined && { value: path }) },
      ...LATELY,
    },
    ...ONCE,
  })
  const paths = eventOf(around, PAGE_VIEWED)?.properties.find(({ name }) => name === 'path')?.samples ?? []
  return [
    { id: 'page', group, label: asks.page, line: line() },
    ...paths.map((path, index) => ({
      id: `page:${String(path)}`,
      group,
      label: asks.onePage(String(path)),
      line: line(String(path)),
      ...(index >= SHOWN && HIDDEN),
    })),
  ]
}

function eventAsks(around: Around): readonly Ask[] {
  return clientEvents(around)
    .filter(({ name }) => name !== PAGE_VIEWED)
    .map((event, index) => ({
      ...eventAsk(event.name),
      hint: eventHint(event),
      ...(index >= SHOWN && HIDDEN),
    }))
}

function eventAsk(name: string): Ask {
  return {
    id: `event:${name}`,
    group: name === PAGE_VIEWED || name === 'screen_viewed' ? 'website' : 'events',
    label: eventInWords(name),
    line: { count: { event: name, ...LATELY }, ...ONCE },
  }
}

function companyAsks({ vocabulary }: Around): readonly Ask[] {
  return (vocabulary?.company ?? []).map(({ name, type, samples }, index) => ({
    ...fieldAsk(`company.${name}`, 'company', FIRST_OPERATOR[type ?? 'mixed']),
    label: upper(plain(name)),
    ...hintOf(samples),
    ...(index >= SHOWN && HIDDEN),
  }))
}

function propertyAsks(around: Around): readonly Ask[] {
  const { event, scope } = around
  if (event === undefined || scope === 'contact' || scope === 'segment') return []
  const known = eventOf(around, event)
  return propertiesOf(around).map((name, index) => {
    const values = known?.properties.find((property) => property.name === name)
    return {
      ...propertyAsk(name, around, FIRST_OPERATOR[values?.type ?? 'mixed']),
      ...hintOf(values?.samples ?? []),
      ...(index >= SHOWN && HIDDEN),
    }
  })
}

function propertyAsk(name: string, { event }: Around, operator = '='): Ask {
  return {
    id: `property:${name}`,
    group: 'journey',
    label: propertyInWords(name, event),
    line: { event: name, operator: operator === 'after' ? '=' : operator },
  }
}

function messageAsks(around: Around): readonly Ask[] {
  if (!knowsPassage(around)) return []
  return around.messages.map(({ step, title }) => ({
    id: `message:${step}`,
    group: 'journey',
    label: asks.message(title),
    line: { message: step, was: 'clicked' },
  }))
}

// ---- Searching ---------------------------------------------------------------------------------------------------

export interface FoundAsks {
  readonly group: AskGroup
  readonly asks: readonly Ask[]
  /** How many more there are that only typing finds. */
  readonly more: number
}

/** Most that a search shows of each group. */
const MOST_FOUND = 20

/** What fits the words typed, and what could be meant by a name that was never received; without words, the usual. */
export function foundAsks(search: string, around: Around): readonly FoundAsks[] {
  const typed = search.trim()
  const all = asksOf(around)
  const wanted =
    typed === '' ? all : [...all.filter((ask) => fits(ask, typed)), ...typedAsks(typed, around, all)]
  const groups = [...new Set(wanted.map(({ group }) => group))]
  return groups.flatMap((group) => {
    const own = wanted.filter((ask) => ask.group === group)
    const shown = typed === '' ? own.filter(({ isHidden }) => !isHidden) : own.slice(0, MOST_FOUND)
    return shown.length === 0 ? [] : [{ group, asks: shown, more: own.length - shown.length }]
  })
}

function fits({ group, label, hint = '', id }: Ask, typed: string): boolean {
  const text = `${conditions.groups[group]} ${label} ${hint} ${id}`.toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** The typed name as each thing it could be the name of. */
function typedAsks(typed: string, around: Around, known: readonly Ask[]): readonly Ask[] {
  const isNew = (ask: Ask) => !known.some(({ id }) => id === ask.id)
  const { scope, event } = around
  const property = { ...propertyAsk(typed, around), label: asks.typedProperty(typed) }
  if (scope === 'where') return [property].filter(isNew)
  const attribute = attributeName(typed)
  const isEvent =
    eventNameFault(typed) === undefined && !isReservedEvent(typed) && !Object.hasOwn(INTERNAL_EVENTS, typed)
  const knowsEvent = event !== undefined && (scope === 'trigger' || scope === 'branch')
  const candidates: readonly Ask[] = [
    ...(typed.startsWith('/')
      ? [
          {
            id: `page:${typed}`,
            group: 'website' as const,
            label: asks.typedPage(typed),
            line: {
              count: { event: PAGE_VIEWED, where: { event: 'path', operator: '=', value: typed }, ...LATELY },
              ...ONCE,
            },
          },
        ]
      : []),
    ...(attribute === null
      ? []
      : [
          { ...fieldAsk(attribute, 'contact', '='), label: asks.typedAttribute(attribute) },
          { ...fieldAsk(`company.${attribute}`, 'company', '='), label: asks.typedCompany(attribute) },
        ]),
    ...(isEvent ? [{ ...eventAsk(typed), label: asks.typedEvent(typed) }] : []),
    { id: `list:${typed}`, group: 'lists', label: asks.typedList(typed), line: { list: typed } },
    ...(knowsEvent ? [property] : []),
  ]
  return candidates.filter(isNew)
}
