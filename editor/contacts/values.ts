/** What somebody sent, as text for people. */
import type { Json } from '../../engine/index.ts'
import { words } from '../words.ts'
import { number } from '../words/say.ts'

/** A value that somebody sent, as text; what is no single value stays as it came. */
export function valueInWords(value: Json): string {
  if (value === null) return words.dash
  if (typeof value === 'boolean') return value ? words.steps.yes : words.steps.no
  if (typeof value === 'object') return JSON.stringify(value)
  return typeof value === 'number' ? number(value) : value
}

/** A company by its name, else by all that is known of it. */
export function companyInWords(company: Json): string {
  if (!isRecord(company)) return valueInWords(company)
  const attributes = isRecord(company['attributes']) ? company['attributes'] : company
  const name = attributes['NAME'] ?? attributes['name']
  return typeof name === 'string' ? name : Object.values(attributes).map(valueInWords).join(', ')
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
