/**
 * Fields in the text of a message: `{{ contact.FIRSTNAME | default: "there" }}` is shown as one piece that says what it
 * is, and stays exactly what stands in the file. Other Liquid is text, for those who write it. Pure.
 */
import { fieldInWords, piecesOf, plain } from '../../../engine/index.ts'
import type { Vocabulary } from '../../answers.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'

/** A piece of a text. */
export type TextPart =
  | { readonly type: 'text'; readonly source: string }
  | { readonly type: 'field'; readonly source: string; readonly field: Field }

export interface Field {
  /** `contact.FIRSTNAME`, `event.plan`, `company_url`. */
  readonly name: string
  /** What stands there for somebody who has none; undefined where nothing was said. */
  readonly fallback: string | undefined
}

/** One that can be put into a text. */
export interface FieldChoice {
  readonly name: string
  readonly label: string
  /** Everybody has it: nothing has to be said for those who have none. */
  readonly isSure: boolean
}

export interface FieldGroup {
  readonly name: string
  readonly fields: readonly FieldChoice[]
}

const NAME = String.raw`(?:contact|event)(?:\.company)?(?:\.[A-Za-z_]\w*|\["[^"\]{}]+"\])|company_(?:name|address|url)`
const FIELD = new RegExp(String.raw`^\{\{\s*(${NAME})\s*(?:\|\s*default:\s*(?:"([^"]*)"|'([^']*)')\s*)?\}\}$`)

/** The parts of a text; joined, their sources are the text again. */
export function textParts(source: string): readonly TextPart[] {
  return piecesOf(source).map(({ type, text }) => {
    const field = type === 'output' ? fieldOf(text) : undefined
    return field ? { type: 'field', source: text, field } : { type: 'text', source: text }
  })
}

/** The field that a piece of Liquid is, where it is nothing but a field. */
export function fieldOf(source: string): Field | undefined {
  const found = FIELD.exec(source)
  return found ? { name: found[1] ?? '', fallback: found[2] ?? found[3] } : undefined
}

/** A field as it stands in the file. A fallback with both kinds of quotation marks gets printed ones. */
export function fieldSource({ name, fallback }: Field): string {
  if (fallback === undefined) return `{{ ${name} }}`
  const text = fallback.includes('"') && fallback.includes("'") ? fallback.replaceAll('"', '”') : fallback
  const quote = text.includes('"') ? "'" : '"'
  return `{{ ${name} | default: ${quote}${text}${quote} }}`
}

// ---- What fields there are ---------------------------------------------------------------------------------------------

const SURE: readonly string[] = [
  'contact.EMAIL',
  'contact.email',
  'contact.SCORE',
  'company_name',
  'company_address',
  'company_url',
]

/** What people call a field. */
export function fieldName(name: string): string {
  const known: { readonly [name: string]: string } = words.mail.fields.names
  const own = known[name]
  if (own !== undefined) return own
  const property = name.replace(/^(?:contact|event)\.?/, '').replace(/^\["(.*)"\]$/, '$1')
  return name.startsWith('event') ? words.mail.fields.ofEvent(plain(property)) : fieldInWords(property)
}

/** Whether everybody has it. */
export function isSure(name: string): boolean {
  return SURE.includes(name)
}

/** Everything that may be put into a text: what is known of contacts, what the events that let in bring along, the sender. */
export function fieldGroups(
  vocabulary: Pick<Vocabulary, 'attributes' | 'company' | 'events'> | undefined,
  given: readonly string[],
  events: readonly string[],
): readonly FieldGroup[] {
  const { attributes = [], company = [], events: received = [] } = vocabulary ?? {}
  const contact = ['FIRSTNAME', 'LASTNAME', 'EMAIL', 'SCORE', ...given, ...attributes.map(({ name }) => name)]
  const properties = received.flatMap(({ name, properties }) =>
    events.includes(name) ? properties.map((property) => property.name) : [],
  )
  return [
    { name: words.mail.fields.groups.contact, fields: choices(contact, 'contact') },
    { name: words.mail.fields.groups.event, fields: choices(properties, 'event') },
    {
      name: words.mail.fields.groups.employer,
      fields: choices(
        company.map(({ name }) => name),
        'contact.company',
      ),
    },
    {
      name: words.mail.fields.groups.sender,
      fields: ['company_name', 'company_address', 'company_url'].map(choice),
    },
  ].filter(({ fields }) => fields.length > 0)
}

function choices(names: readonly string[], of: string): readonly FieldChoice[] {
  return [...new Set(names)].flatMap((name) => {
    const path = /^[A-Za-z_]\w*$/.test(name) ? `${of}.${name}` : `${of}["${name}"]`
    return fieldOf(`{{ ${path} }}`) ? [choice(path)] : []
  })
}

function choice(name: string): FieldChoice {
  return { name, label: upper(fieldName(name)), isSure: isSure(name) }
}
