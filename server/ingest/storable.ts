/**
 * Whether what a client sent is plain JSON that every store keeps and gives back unchanged. One quick look over all
 * values answers for the usual call; only where it found something a second one tells the paths.
 */
import type { Json, JsonObject, Path } from '../../engine/index.ts'
import { unstorable, type CallProblem } from './problems.ts'

/** Levels of lists and objects inside each other, the call itself being the first. */
const MAX_DEPTH = 32

/**
 * Names that an object has before anything is put into it. Who reads `properties[name]` or copies key by key would meet
 * the language's own, so they are refused here and need no thought behind this line.
 */
const RESERVED_KEYS = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype'])

export interface Findings {
  /** Nested too deep; then the look ended early, and nothing may recurse into the value. */
  tooDeep: boolean
  /** There is half a surrogate pair, or -0: `repaired` makes it good. */
  repairable: boolean
  /** There is something that may not be stored: `unstorableParts` tells what and where. */
  unstorable: boolean
  /** No fewer bytes than the value has as JSON. */
  size: number
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Looks at every key and value once. */
export function survey(value: JsonObject): Findings {
  const findings: Findings = { tooDeep: false, repairable: false, unstorable: false, size: 0 }
  surveyValue(value, 1, findings)
  return findings
}

function surveyValue(value: unknown, level: number, findings: Findings): void {
  if (typeof value === 'string') surveyText(value, findings)
  else if (typeof value !== 'object' || value === null) {
    findings.size += 26
    if (typeof value === 'number' && !(value > 0 && value < Infinity)) surveyNumber(value, findings)
  } else if (level > MAX_DEPTH) findings.tooDeep = true
  else if (Array.isArray(value)) {
    findings.size += 2
    for (let index = 0; index < value.length; index++) surveyValue(value[index], level + 1, findings)
  } else {
    findings.size += 2
    for (const key of Object.keys(value)) {
      if (RESERVED_KEYS.has(key)) findings.unstorable = true
      surveyText(key, findings)
      surveyValue((value as JsonObject)[key], level + 1, findings)
    }
  }
}

function surveyText(text: string, findings: Findings): void {
  // Six bytes is what a control character takes ("\u0001"); two quotes, colon and comma.
  findings.size += 6 * text.length + 4
  if (!text.isWellFormed()) findings.repairable = true
  if (text.includes('\0')) findings.unstorable = true
}

function surveyNumber(value: number, findings: Findings): void {
  if (!Number.isFinite(value)) findings.unstorable = true
  else if (Object.is(value, -0)) findings.repairable = true
}

/**
 * The value as any store gives it back. Half a surrogate pair comes of a title cut in the middle of an emoji: no reason to
 * lose the event, and every UTF-8 writer puts U+FFFD there. -0 comes back as 0.
 */
export function repaired(value: JsonObject): JsonObject {
  return repairedValue(value) as JsonObject
}

function repairedValue(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return value === 0 ? 0 : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(repairedValue)
  // fromEntries defines its keys, so that one named __proto__ stays a key, to be refused with its path.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toWellFormed(), repairedValue(inner)]),
  )
}

/**
 * Every key and value inside that may not be stored: reserved names; numbers too large to be read (1e999); the zero
 * character, which PostgreSQL cannot store and nobody types, so that whoever sends it should know.
 */
export function unstorableParts(value: Json, path: Path): readonly CallProblem[] {
  if (typeof value === 'string') return value.includes('\0') ? [unstorable('bad_text', path)] : []
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [unstorable('bad_number', path, value)]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => unstorableParts(item, [...path, index]))
  return Object.entries(value).flatMap(([key, inner]) => {
    if (RESERVED_KEYS.has(key)) return [unstorable('reserved_key', [...path, key], key)]
    return key.includes('\0')
      ? [unstorable('bad_text', [...path, key])]
      : unstorableParts(inner, [...path, key])
  })
}

/** The first part that lies too deep, of a value that has one. */
export function tooDeep(value: JsonObject): CallProblem {
  return unstorable('too_deep', deepPath(value, []) ?? [], MAX_DEPTH)
}

function deepPath(value: Json, path: Path): Path | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (path.length >= MAX_DEPTH) return path
  for (const [key, inner] of Object.entries(value)) {
    const found = deepPath(inner, [...path, Array.isArray(value) ? Number(key) : key])
    if (found) return found
  }
  return undefined
}
