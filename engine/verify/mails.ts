/**
 * What is lacking or wrong in the texts of messages: what nobody has written yet, Liquid that cannot be read, holes where
 * somebody has no name, links that lead nowhere. Of a template by name only its name is known here; its text is looked
 * at where it is saved.
 */
import { addressFault, isPrivateAddress } from '../addresses.ts'
import type { Action, EmailParams } from '../dialect/actions.ts'
import type { Block } from '../dialect/mail.ts'
import type { Journey } from '../journey.ts'
import { linksIn, wordsOf } from '../mail.ts'
import { fieldInWords } from '../names.ts'
import { byPath, nearest, problem, type Path, type Problem } from '../problem.ts'
import { stepsOf } from '../reading.ts'
import { MOST_SEGMENTS, smsLengthOf } from '../smsLength.ts'
import { factsRead, parseTemplate, piecesOf } from '../template.ts'
import { nameOf, othersOf, type Known } from './check.ts'

export function unfinishedMessages(journey: Journey, known: Known): readonly Problem[] {
  const fields = fieldsOf(journey, known)
  return stepsOf(journey).flatMap(([id, { entry }]) =>
    entry ? textsOf(entry, nameOf(journey, id), ['states', id, 'entry', 'params'], fields) : [],
  )
}

/** What is lacking or wrong in one message by itself; `path` begins at its params. */
export function checkMessage(
  message: Extract<Action, { type: 'sendEmail' | 'sendSms' }>,
  name: string,
  attributes: Known['attributes'] | undefined,
): readonly Problem[] {
  return byPath(textsOf(message, name, [], { contact: attributes && [...OWN_FIELDS, ...attributes] }))
}

function textsOf(action: Action, name: string, path: Path, fields: Fields): readonly Problem[] {
  switch (action.type) {
    case 'sendEmail':
      return mailProblems(action.params, name, path, fields)
    case 'sendSms':
      return smsProblems(action.params.text, name, [...path, 'text'], fields)
    case 'callWebhook':
    case 'notify':
      return unreadable(action.params, path)
    default:
      return []
  }
}

// ---- Mails and SMS -----------------------------------------------------------------------------------------------

function mailProblems(params: EmailParams, name: string, path: Path, fields: Fields): readonly Problem[] {
  if ('template' in params) return []
  const subject = isBlank(params.subject)
    ? [problem('no_subject', [...path, 'subject'], name)]
    : textProblems(params.subject, [...path, 'subject'], fields)
  return 'body' in params
    ? [
        ...subject,
        ...textProblems(params.preview, [...path, 'preview'], fields),
        ...bodyProblems(params.body, name, [...path, 'body'], fields),
        ...textProblems(params.foot?.reason, [...path, 'foot', 'reason'], fields),
        ...textProblems(params.foot?.unsubscribe, [...path, 'foot', 'unsubscribe'], fields),
      ]
    : [
        ...subject,
        ...(isBlank(params.html) ? [problem('no_text', [...path, 'html'], name)] : []),
        ...textProblems(params.html, [...path, 'html'], fields),
        ...privateLinks(hrefsIn(params.html), [...path, 'html']),
        ...textProblems(params.text, [...path, 'text'], fields),
      ]
}

function bodyProblems(body: readonly Block[], name: string, path: Path, fields: Fields): readonly Problem[] {
  if (body.every((block) => isBlank('image' in block ? block.image : wordsOf(block))))
    return [problem('no_text', path, name)]
  return body.flatMap((block, index) => blockProblems(block, [...path, index], fields))
}

function blockProblems(block: Block, path: Path, fields: Fields): readonly Problem[] {
  if ('heading' in block) return textProblems(block.heading, [...path, 'heading'], fields)
  if ('text' in block)
    return [
      ...textProblems(block.text, [...path, 'text'], fields),
      ...linksIn(block.text).flatMap((link) => addressProblems(link, [...path, 'text'], 'link')),
    ]
  if ('button' in block)
    return [
      ...(isBlank(block.button)
        ? [problem('no_words', [...path, 'button'])]
        : textProblems(block.button, [...path, 'button'], fields)),
      ...linkProblems(block.url, [...path, 'url'], fields),
    ]
  const { image, alt, url } = block
  return [
    ...linkProblems(image, [...path, 'image'], fields, 'picture'),
    ...(isBlank(alt)
      ? [problem('no_alternative', [...path, 'alt'])]
      : textProblems(alt, [...path, 'alt'], fields)),
    ...(url === undefined ? [] : linkProblems(url, [...path, 'url'], fields)),
  ]
}

function smsProblems(text: string, name: string, path: Path, fields: Fields): readonly Problem[] {
  if (isBlank(text)) return [problem('no_text', path, name)]
  const literal = piecesOf(text).flatMap((piece) => (piece.type === 'literal' ? [piece.text] : []))
  const { segments } = smsLengthOf(literal.join(''))
  return [
    ...(segments > MOST_SEGMENTS ? [problem('long_sms', path, name, segments, MOST_SEGMENTS)] : []),
    ...textProblems(text, path, fields),
    ...privateLinks(linksIn(text), path),
  ]
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

// ---- Links -------------------------------------------------------------------------------------------------------

/** An address that is no Liquid is that, and nothing else besides. */
function linkProblems(
  url: string,
  path: Path,
  fields: Fields,
  kind: 'link' | 'picture' = 'link',
): readonly Problem[] {
  const inText = textProblems(url, path, fields)
  const isUnreadable = inText.some(({ code }) => code === 'bad_liquid')
  return isUnreadable ? inText : [...inText, ...addressProblems(url, path, kind)]
}

function addressProblems(url: string, path: Path, kind: 'link' | 'picture'): readonly Problem[] {
  const fault = addressFault(url, kind)
  if (fault === 'empty') return [problem('no_address', path)]
  return fault === 'no_address' ? [problem('bad_address', path, url)] : privateLinks([url], path)
}

function privateLinks(links: readonly string[], path: Path): readonly Problem[] {
  return links.filter(isPrivateAddress).map((link) => problem('private_address', path, link))
}

function hrefsIn(html: string): readonly string[] {
  return Array.from(html.matchAll(/\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi), ([, a, b]) => a ?? b!)
}

// ---- Liquid ------------------------------------------------------------------------------------------------------

/** What texts may read as `contact.…`, and the sure ones of them, which need no words in their place. */
interface Fields {
  /** Undefined where nobody knows which attributes there are. */
  readonly contact: readonly string[] | undefined
}

const OWN_FIELDS = ['id', 'userId', 'email', 'EMAIL', 'stage', 'lists', 'company', 'SCORE'] as const
const SURE = new Set(['contact.id', 'contact.email', 'contact.EMAIL', 'contact.lists', 'contact.SCORE'])
/** What else texts may read. `event` has whatever came along with the event that began the passage. */
const FACTS = [
  'contact',
  'event',
  'now',
  'message_type',
  'company_name',
  'company_address',
  'company_url',
  'unsubscribe_url',
] as const

/** Attributes that contacts have, and those that steps give them. */
function fieldsOf(journey: Journey, known: Known): Fields {
  if (known.attributes === undefined) return { contact: undefined }
  const given = [journey, ...othersOf(journey, known)].flatMap((one) =>
    stepsOf(one).flatMap(([, { entry }]) => (entry ? attributesGiven(entry) : [])),
  )
  return { contact: [...OWN_FIELDS, ...known.attributes, ...given] }
}

function attributesGiven({ type, params }: Action): readonly string[] {
  if (type === 'updateAttribute') return [params.attribute]
  return type === 'callWebhook' ? Object.keys(params.store ?? {}) : []
}

function textProblems(source: string | undefined, path: Path, fields: Fields): readonly Problem[] {
  if (source === undefined) return []
  const parsed = parseTemplate(source)
  if (!parsed.ok) return [problem('bad_liquid', path, parsed.detail)]
  return factsRead(source).flatMap(({ path: [root, field], bare }) => {
    if (!FACTS.some((fact) => fact === root)) return [unknownField(root, FACTS, path)]
    if (field === undefined || (root !== 'contact' && root !== 'event')) return []
    const name = `${root}.${field}`
    return [
      ...(bare && !SURE.has(name) ? [problem('no_fallback', path, fieldInWords(field), name)] : []),
      ...(root === 'contact' && fields.contact?.includes(field) === false
        ? [unknownField(field, fields.contact, path)]
        : []),
    ]
  })
}

function unknownField(name: string, among: readonly string[], path: Path): Problem {
  return problem('unknown_field', path, name, nearest(name, among))
}

/** Every text of a call or a notice that is no Liquid. */
function unreadable(value: unknown, path: Path): readonly Problem[] {
  if (typeof value === 'string') {
    const parsed = parseTemplate(value)
    return parsed.ok ? [] : [problem('bad_liquid', path, parsed.detail)]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([part, inner]) => unreadable(inner, [...path, part]))
}
