/** Reading and changing a part of a condition that may be anything: nothing is lost, and what is not touched stays the same. */
import { valueAt as valueIn, type Json, type Path } from '../../../engine/index.ts'

/** An object of JSON: every condition is one, finished or not. */
export type Raw = { readonly [key: string]: Json }

export function isRaw(value: Json | undefined): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** A value as it is typed: a text, number or truth value as itself, a list with commas; nothing for all else. */
export function typedText(value: Json | undefined): string {
  if (isList(value)) return value.map(typedText).join(', ')
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value)
}

/** Whether an object has these keys and, besides them, only those that it may have. */
export function hasOnly(value: Raw, needed: readonly string[], allowed: readonly string[] = []): boolean {
  const keys = Object.keys(value)
  return (
    needed.every((key) => Object.hasOwn(value, key)) &&
    keys.every((key) => needed.includes(key) || allowed.includes(key))
  )
}

/** What stands there; undefined where nothing does. */
export function valueAt(value: Json, path: Path): Json | undefined {
  return valueIn(value, path) as Json | undefined
}

/** The object with a part set, or taken away where it is undefined; the order of the others stays. */
export function withPart(value: Raw, key: string, next: Json | undefined): Raw {
  if (next !== undefined) return { ...value, [key]: next }
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
}
