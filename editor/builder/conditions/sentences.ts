/** A line of a condition as a sentence with parts that can be changed. Pure; whatever cannot be said so is kept untouched. */
import { fieldInWords, inWords, MESSAGE_FACTS, parseCondition, type Json } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import type { Around } from './around.ts'
import { eventForm, fieldForm, numberPart } from './comparisons.ts'
import { countForm, neverForm, silentForm } from './counts.ts'
import { hasOnly, isRaw, typedText, withPart, type Raw } from './json.ts'
import { FORM_IDS, numberOrNone, type Form, type FormId, type Reading, type Sentence } from './line.ts'
import { collector, saidBy, typedName, yesNoPart, type NamePart, type Spoken } from './parts.ts'

const { conditions } = words
const { sentences, parts: labels } = conditions

/** The line as a sentence. `prefer` is a form to try first: while somebody types, a line stays what it was. */
export function sentenceOf(value: Json, around: Around, prefer?: FormId): Sentence {
  const order = prefer === undefined ? FORM_IDS : [prefer, ...FORM_IDS.filter((form) => form !== prefer)]
  for (const form of order) {
    const sentence = formed(form, value, around)
    if (sentence) return sentence
  }
  return { form: 'foreign', words: [foreignInWords(value)] }
}

/** The sentence without its fields. */
export function saidOf({ words: spoken }: Sentence): string {
  return spoken
    .map((piece) => (typeof piece === 'string' ? piece : saidBy(piece)))
    .filter((text) => text !== '')
    .join(' ')
    .replaceAll(' ,', ',')
}

function formed(form: FormId, value: Json, around: Around): Sentence | undefined {
  if (form === 'foreign' || !isRaw(value)) return undefined
  const turned = hasOnly(value, ['not']) ? value['not'] : undefined
  if (turned === undefined || !isRaw(turned)) return FORMS[form](readingOf(value, false, '', around))
  const sentence = FORMS[form](readingOf(turned, true, '/not', around))
  if (sentence) return sentence
  const plain = FORMS[form](readingOf(turned, false, '/not', around, (raw) => ({ not: raw })))
  return plain && turnedRound(plain, turned)
}

function readingOf(
  raw: Raw,
  negated: boolean,
  base: string,
  around: Around,
  wrap: (raw: Raw) => Raw = (inner) => inner,
): Reading {
  const write = (next: Raw, not = negated) => wrap(not ? { not: next } : next)
  return { raw, negated, base, around, write }
}

/** "It is not so that: …", for what has no words of its own for it. */
function turnedRound(sentence: Sentence, inner: Raw): Sentence {
  const { mark, spoken } = collector()
  const not = mark(
    yesNoPart({ id: 'not', label: labels.not, at: TURNED }, false, conditions.not, (isSo) =>
      isSo ? inner : { not: inner },
    ),
  )
  const rest = sentence.words.map((piece) => (typeof piece === 'string' ? piece : mark(piece))).join(' ')
  return { ...sentence, words: spoken(sentences.not(not, rest)) }
}

/** Where a line is turned round stands in no value of it. */
const TURNED = '/turned'

function foreignInWords(value: Json): string {
  const parsed = parseCondition(value)
  return parsed.ok ? inWords(parsed.value) : conditions.unreadable
}

// ---- Forms -------------------------------------------------------------------------------------------------------

const crossedForm: Form = ({ raw, negated, base, around, write }) => {
  const { crossed, direction, attribute = 'SCORE' } = raw
  if (negated || !hasOnly(raw, ['crossed'], ['direction', 'attribute'])) return undefined
  if (typeof attribute !== 'string' || typeof crossed === 'object') return undefined
  const { mark, spoken } = collector()
  const scores = around.vocabulary?.attributes.filter(({ score }) => score).map(({ name }) => name) ?? []
  const score = mark({
    kind: 'choice',
    id: 'score',
    label: labels.score,
    at: `${base}/attribute`,
    need: conditions.reasons.field,
    value: attribute,
    said: fieldInWords(attribute),
    choices: [...new Set([attribute, 'SCORE', ...scores])].map((value) => ({
      value,
      label: fieldInWords(value),
    })),
    pick: (value) =>
      write(value === 'SCORE' && raw['attribute'] === undefined ? raw : { ...raw, attribute: value }),
  })
  const way = direction === 'down' ? 'down' : 'up'
  const going = mark({
    kind: 'choice',
    id: 'direction',
    label: labels.direction,
    at: `${base}/direction`,
    need: conditions.reasons.operator,
    value: typedText(direction),
    said: direction === 'up' || direction === 'down' ? conditions.directions[way] : typedText(direction),
    choices: [
      { value: 'up', label: conditions.directions.up },
      { value: 'down', label: conditions.directions.down },
    ],
    pick: (value) => write({ ...raw, direction: value }),
  })
  const limit = mark(
    numberPart(
      { id: 'limit', label: labels.limit, at: `${base}/crossed` },
      typedText(crossed),
      conditions.reasons.number,
      // The key tells the form: without it this would be no crossing any more.
      (text) => write({ ...raw, crossed: numberOrNone(text) ?? '' }),
    ),
  )
  return { form: 'crossed', words: spoken(sentences.crossed(score, going, limit)) }
}

const lastClickedForm: Form = ({ raw, negated, base, write }) => {
  const { clicked, ofLast } = raw
  if (!hasOnly(raw, ['clicked'], ['ofLast']) || typeof clicked === 'object' || typeof ofLast === 'object')
    return undefined
  const { mark, spoken } = collector()
  const did = mark(
    yesNoPart({ id: 'did', label: labels.clicked, at: TURNED }, !negated, conditions.clicked, (yes) =>
      write(raw, !yes),
    ),
  )
  const numberOf = (id: string, key: 'clicked' | 'ofLast', label: string) =>
    mark(
      numberPart(
        { id, label, at: `${base}/${key}` },
        typedText(raw[key]),
        conditions.reasons.wholeNumber,
        (text) => write({ ...raw, [key]: numberOrNone(text) ?? '' }),
      ),
    )
  const count = numberOf('count', 'clicked', labels.clickedCount)
  const last = numberOf('last', 'ofLast', labels.lastCount)
  return { form: 'lastClicked', words: spoken(sentences.lastClicked(did, count, last)) }
}

const listForm: Form = (reading) =>
  membership(reading, 'list', {
    names: reading.around.vocabulary?.lists,
    unknown: conditions.noList,
  })

const segmentForm: Form = (reading) =>
  membership(reading, 'segment', {
    names: reading.around.vocabulary?.segments,
    unknown: conditions.noSegment,
  })

function membership(
  { raw, negated, base, write }: Reading,
  key: 'list' | 'segment',
  { names, unknown }: { readonly names: readonly string[] | undefined; readonly unknown: string },
): Sentence | undefined {
  const name = raw[key]
  if (!hasOnly(raw, [key]) || typeof name !== 'string') return undefined
  const { mark, spoken } = collector()
  const is = mark(
    yesNoPart({ id: 'is', label: labels.is, at: TURNED }, !negated, conditions.is, (yes) => write(raw, !yes)),
  )
  const part: NamePart = {
    kind: 'name',
    id: key,
    label: labels[key],
    at: `${base}/${key}`,
    need: conditions.reasons[key],
    value: name,
    said: name,
    choices: (names ?? []).map((value) => ({ value, label: value })),
    mark: name === '' || !names || names.includes(name) ? null : unknown,
    typed: typedName,
    pick: (value) => write({ [key]: value }),
  }
  return { form: key, words: spoken(sentences[key](is, mark(part))) }
}

const messageForm: Form = ({ raw, negated, base, around, write }) => {
  const { message, was = '' } = raw
  if (typeof message !== 'string' || typeof was !== 'string' || !hasOnly(raw, ['message'], ['was']))
    return undefined
  const { mark, spoken } = collector()
  const titleOf = (step: string) => around.messages.find((one) => one.step === step)?.title
  const what = mark({
    kind: 'choice',
    id: 'message',
    label: labels.message,
    at: `${base}/message`,
    need: conditions.reasons.message,
    value: message,
    said: titleOf(message) ?? message,
    choices: around.messages.map(({ step, title }) => ({ value: step, label: title })),
    pick: (step) => write({ ...raw, message: step }),
  })
  const value = `${negated ? 'not:' : ''}${was}`
  const become = mark({
    kind: 'choice',
    id: 'was',
    label: labels.was,
    at: `${base}/was`,
    need: conditions.reasons.operator,
    value,
    said: STATES.find((state) => state.value === value)?.label ?? was,
    choices: STATES,
    pick: (next) => write(withPart(raw, 'was', next.replace(/^not:/, '')), next.startsWith('not:')),
  })
  return { form: 'message', words: spoken(sentences.message(what, become)) }
}

const STATES = MESSAGE_FACTS.flatMap((fact) => [
  { value: fact, label: conditions.states[fact].yes },
  { value: `not:${fact}`, label: conditions.states[fact].no },
])

const everybodyForm: Form = ({ raw, negated }) =>
  !negated && hasOnly(raw, ['everybody']) && raw['everybody'] === true
    ? { form: 'everybody', words: [sentences.everybody()] as Spoken }
    : undefined

const FORMS: { readonly [form in Exclude<FormId, 'foreign'>]: Form } = {
  silent: silentForm,
  field: fieldForm,
  event: eventForm,
  crossed: crossedForm,
  never: neverForm,
  count: countForm,
  lastClicked: lastClickedForm,
  list: listForm,
  segment: segmentForm,
  message: messageForm,
  everybody: everybodyForm,
}
