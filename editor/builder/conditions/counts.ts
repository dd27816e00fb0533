/**
 * Sentences that count: "Has viewed /pricing at least 5 times in the last 30 days", "Has not clicked any e-mail in the last
 * 30 days, though at least 3 were sent".
 */
import { COUNT_OPERATORS, type Json } from '../../../engine/index.ts'
import { eventInWords, words } from '../../words.ts'
import { clientEvents, eventChoice, eventMark, eventOf, knowsPassage } from './around.ts'
import { lengthParts, numberPart } from './comparisons.ts'
import { hasOnly, isList, isRaw, typedText, withPart, type Raw } from './json.ts'
import { COUNTED_PHRASES, PAGE_MATCHES, WINDOWS, type CountedPhrase, type PageMatch } from './kinds.ts'
import { numberOrNone, type Form, type Reading, type Sentence } from './line.ts'
import { collector, typedName, yesNoPart, type Choice, type Part } from './parts.ts'

const { conditions } = words
const { sentences, parts: labels } = conditions

/** "Has not …": nothing of it, not once. */
export const neverForm: Form = (reading) =>
  reading.raw['operator'] === '=' && reading.raw['value'] === 0 ? counted(reading, true) : undefined

export const countForm: Form = (reading) => counted(reading, false)

export const PAGE_VIEWED = 'page_viewed'

function counted(reading: Reading, isNever: boolean): Sentence | undefined {
  const { raw, negated } = reading
  const { count, operator = '', value } = raw
  if (negated || !hasOnly(raw, ['count'], ['operator', 'value']) || !isCount(count)) return undefined
  if (typeof operator !== 'string' || (typeof value === 'object' && value !== undefined)) return undefined
  const { mark, spoken } = collector()
  const { event, where } = count
  const page = event === PAGE_VIEWED ? pageOf(where) : undefined
  const phrase = COUNTED_PHRASES.find((one) => one === event)
  const has = mark(hasPart(reading, isNever, phrase || page ? conditions.has : conditions.happened))
  const often = isNever ? [] : oftenParts(reading).map(mark)
  const [how = '', number = ''] = often
  const times = conditions.times(value)
  // The marks stand in the order in which they are made only in the list of parts, not in the sentence.
  const when = whenIn(reading, count, mark)
  const say = () => {
    if (page) {
      const [which, path] = pageParts(reading, count, page)
      const pathMark = path ? mark(path) : ''
      return isNever
        ? sentences.pageNot(has, mark(which), pathMark, when)
        : sentences.page(has, mark(which), pathMark, how, number, times, when)
    }
    if (phrase) {
      const what = mark(phrasePart(reading, count, phrase, isNever))
      return isNever ? sentences.ownNot(has, what, when) : sentences.own(has, what, how, number, times, when)
    }
    const what = mark(eventPart(reading, count))
    return isNever
      ? sentences.eventNot(what, has, when)
      : sentences.event(what, has, how, number, times, when)
  }
  const put = (next: Raw | undefined) => writeCount(reading, withPart(count, 'where', next))
  return {
    form: isNever ? 'never' : 'count',
    words: spoken(say()),
    ...(!page &&
      isRaw(where) && {
        where: { path: [...pathOf(reading), 'count', 'where'], event, write: put },
      }),
    ...(!page && where === undefined && event !== '' && { addWhere: () => put({ all: [] }) }),
  }
}

interface Count extends Raw {
  readonly event: string
}

function isCount(count: Json | undefined): count is Count {
  if (!isRaw(count) || !hasOnly(count, ['event'], ['where', 'within', 'since'])) return false
  const { event, where, within, since } = count
  return (
    typeof event === 'string' &&
    (where === undefined || isRaw(where)) &&
    (within === undefined || typeof within === 'string') &&
    (since === undefined || since === 'entering') &&
    !(within !== undefined && since !== undefined)
  )
}

function pathOf({ base }: Reading): readonly string[] {
  return base.split('/').slice(1)
}

function writeCount({ raw, write }: Reading, count: Raw): Raw {
  return write({ ...raw, count })
}

function hasPart(
  { raw, base, write }: Reading,
  isNever: boolean,
  said: { readonly yes: string; readonly no: string },
): Part {
  return yesNoPart({ id: 'has', label: labels.has, at: `${base}/has` }, !isNever, said, (has) => {
    if (has === !isNever) return write(raw)
    return write({ ...raw, ...(has ? { operator: '>=', value: 1 } : { operator: '=', value: 0 }) })
  })
}

function oftenParts({ raw, base, write }: Reading): readonly Part[] {
  const operator = typedText(raw['operator'])
  const known = COUNT_OPERATORS.find((one) => one === operator)
  return [
    {
      kind: 'choice',
      id: 'often',
      label: labels.often,
      at: `${base}/operator`,
      need: conditions.reasons.operator,
      value: operator,
      said: known ? conditions.often[known] : operator,
      choices: OFTEN,
      pick: (next) => write({ ...raw, operator: next }),
    },
    numberPart(
      { id: 'number', label: labels.count, at: `${base}/value` },
      typedText(raw['value']),
      conditions.reasons.wholeNumber,
      (text) => write(withPart(raw, 'value', numberOrNone(text))),
    ),
  ]
}

const OFTEN: readonly Choice[] = Object.entries(conditions.often).map(([value, label]) => ({ value, label }))

// ---- In which time -----------------------------------------------------------------------------------------------

function whenIn(reading: Reading, count: Count, mark: (part: Part) => string): string {
  return timeIn(
    count,
    `${reading.base}/count`,
    knowsPassage(reading.around),
    (next) => writeCount(reading, next),
    mark,
  )
}

/** "in the last 30 days", "since entering", "so far". */
function timeIn(
  count: Count,
  base: string,
  isInside: boolean,
  write: (count: Raw) => Raw,
  mark: (part: Part) => string,
): string {
  const { within, since } = count
  const value = since !== undefined ? 'entering' : within !== undefined ? 'within' : 'ever'
  const offered = WINDOWS.filter((one) => one !== 'entering' || isInside || value === 'entering')
  const window = mark({
    kind: 'choice',
    id: 'window',
    label: labels.window,
    at: `${base}/since`,
    need: '',
    value,
    said: conditions.windows[value],
    choices: offered.map((one) => ({ value: one, label: conditions.windows[one] })),
    pick: (one) => {
      if (one === value) return write(count)
      const without = withPart(withPart(count, 'within', undefined), 'since', undefined)
      if (one === 'within') return write({ ...without, within: 'P30D' })
      return write(one === 'entering' ? { ...without, since: 'entering' } : without)
    },
  })
  if (value !== 'within') return window
  return sentences.inTheLast(window, lengthParts(count, 'within', base, write).map(mark).join(' '))
}

// ---- What is counted ---------------------------------------------------------------------------------------------

function phrasePart(reading: Reading, count: Count, phrase: CountedPhrase, isNever: boolean): Part {
  const say = (one: CountedPhrase) => conditions.phrases[one][isNever ? 'none' : 'one']
  return {
    kind: 'choice',
    id: 'phrase',
    label: labels.phrase,
    at: `${reading.base}/count/event`,
    need: conditions.reasons.event,
    value: phrase,
    said: say(phrase),
    choices: COUNTED_PHRASES.map((value) => ({ value, label: say(value) })),
    pick: (event) => writeCount(reading, { ...count, event }),
  }
}

function eventPart(reading: Reading, count: Count): Part {
  return {
    kind: 'name',
    id: 'event',
    label: labels.event,
    at: `${reading.base}/count/event`,
    need: conditions.reasons.event,
    value: count.event,
    said: count.event === '' ? '' : eventInWords(count.event),
    choices: clientEvents(reading.around).map(eventChoice),
    mark: eventMark(count.event, reading.around),
    typed: typedName,
    pick: (event) => writeCount(reading, { ...count, event }),
  }
}

interface PageAsked {
  readonly match: PageMatch
  readonly path: string
}

/** The page that a count is about; undefined where it is about more than a path. */
function pageOf(where: Json | undefined): PageAsked | undefined {
  if (where === undefined) return { match: 'any', path: '' }
  if (!isRaw(where) || where['event'] !== 'path' || !hasOnly(where, ['event', 'operator'], ['value']))
    return undefined
  const match = PAGE_MATCHES.find((one) => one !== 'any' && one === where['operator'])
  const { value = '' } = where
  return match !== undefined && typeof value === 'string' ? { match, path: value } : undefined
}

function pageParts(reading: Reading, count: Count, { match, path }: PageAsked): readonly [Part, Part?] {
  const at = `${reading.base}/count/where`
  const where = isRaw(count['where']) ? count['where'] : { event: 'path' }
  const put = (next: Raw | undefined) => writeCount(reading, withPart(count, 'where', next))
  const which: Part = {
    kind: 'choice',
    id: 'which',
    label: labels.which,
    at: `${at}/operator`,
    need: '',
    value: match,
    said: conditions.pages[match],
    choices: PAGE_MATCHES.map((value) => ({ value, label: conditions.pages[value] })),
    pick: (next) => put(next === 'any' ? undefined : { ...where, operator: next }),
  }
  if (match === 'any') return [which]
  const seen = eventOf(reading.around, PAGE_VIEWED)?.properties.find(({ name }) => name === 'path')
  return [
    which,
    {
      kind: 'text',
      id: 'path',
      label: labels.path,
      at: `${at}/value`,
      need: conditions.reasons.text,
      value: path,
      placeholder: conditions.choose.path,
      choices: (seen?.samples ?? []).map((sample) => ({ value: String(sample), label: String(sample) })),
      write: (text) => put(withPart(where, 'value', text === '' ? undefined : text)),
    },
  ]
}

// ---- Two counts in one sentence ----------------------------------------------------------------------------------

/** Who got mails and did nothing: without the second part it would be about everybody who never got one. */
export const silentForm: Form = ({ raw, negated, base, around, write }) => {
  const pair = raw['all']
  if (negated || !hasOnly(raw, ['all']) || !isList(pair) || pair.length !== 2) return undefined
  const [not, though] = pair
  if (!isRaw(not) || !isRaw(though)) return undefined
  const [nothing, sent] = [not['count'], though['count']]
  if (!isBareCount(nothing) || !isBareCount(sent)) return undefined
  const did = SILENT.find((one) => one === nothing.event)
  const got = THOUGH.find((one) => one === sent.event)
  const isSo =
    hasOnly(not, ['count', 'operator', 'value']) &&
    not['operator'] === '=' &&
    not['value'] === 0 &&
    hasOnly(though, ['count', 'operator'], ['value']) &&
    though['operator'] === '>=' &&
    nothing['within'] === sent['within'] &&
    nothing['since'] === sent['since'] &&
    typeof (though['value'] ?? 0) !== 'object'
  if (!did || !got || !isSo) return undefined
  const { mark, spoken } = collector()
  const put = (first: Raw, second: Raw) =>
    write({
      all: [
        { ...not, count: first },
        { ...though, count: second },
      ],
    })
  const time = timeIn(
    nothing,
    `${base}/all/0/count`,
    knowsPassage(around),
    (next) => put(next, { ...next, event: got }),
    mark,
  )
  const didPart = mark({
    kind: 'choice',
    id: 'did',
    label: labels.phrase,
    at: `${base}/all/0/count/event`,
    need: '',
    value: did,
    said: conditions.silent[did],
    choices: SILENT.map((value) => ({ value, label: conditions.silent[value] })),
    pick: (event) => put({ ...nothing, event }, sent),
  })
  const number = mark(
    numberPart(
      { id: 'number', label: labels.sentCount, at: `${base}/all/1/value` },
      typedText(though['value']),
      conditions.reasons.wholeNumber,
      (text) => write({ all: [not, withPart(though, 'value', numberOrNone(text))] }),
    ),
  )
  const gotPart = mark({
    kind: 'choice',
    id: 'got',
    label: labels.was,
    at: `${base}/all/1/count/event`,
    need: '',
    value: got,
    said: conditions.silentThough[got],
    choices: THOUGH.map((value) => ({ value, label: conditions.silentThough[value] })),
    pick: (event) => put(nothing, { ...sent, event }),
  })
  return { form: 'silent', words: spoken(sentences.silent(didPart, time, number, gotPart)) }
}

const SILENT = ['email.clicked', 'email.opened'] as const
const THOUGH = ['email.sent', 'email.delivered'] as const

function isBareCount(count: Json | undefined): count is Count {
  return isCount(count) && count['where'] === undefined
}
