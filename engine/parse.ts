/**
 * Unknown input becomes a journey, or the list of all that is wrong with it. Strict: XState accepts typos, takes an
 * unknown delay for none and hangs on some circles (all tried), so nothing gets past here that it would misread. Behind
 * this line nobody checks again. What a journey *does* is judged by `verify/`.
 */
import type { z } from 'zod'
import { MAX_PROBLEMS, byteLength, documentProblems, isObject, textProblems, valueAt } from './json.ts'
import { CONDITION_EXPECTED, INTERNAL_EVENTS, STEP_EXPECTED } from './dialect/names.ts'
import { CONDITION_FORMS, OPERATORS, condition, type Condition } from './dialect/conditions.ts'
import { action, type Action } from './dialect/actions.ts'
import { STEP_KINDS } from './dialect/steps.ts'
import { journeySchema, type Journey } from './journey.ts'
import { meaningProblems } from './meaning.ts'
import { byPath, nearest, pointer, problem, type Path, type Problem, type Result } from './problem.ts'
import { isNeverOpen } from './delays.ts'
import { segmentProblems } from './segments.ts'
import { leftOpen } from './unfinished.ts'

/** 1 MB. */
export const MAX_JOURNEY_BYTES = 1_048_576

/**
 * Reads a journey file. Besides what `parseJourney` finds, it finds what the text says and a document cannot: wrong
 * JSON (line and column), names that stand twice, numbers that would be rounded.
 */
export function parseJourneyText(text: string): Result<Journey> {
  const bytes = byteLength(text)
  if (bytes > MAX_JOURNEY_BYTES) return refused([problem('too_large', [], bytes, MAX_JOURNEY_BYTES)])
  const problems = textProblems(text)
  if (problems.some(({ code }) => code === 'json_syntax' || code === 'too_deep')) return refused(problems)
  const result = parseJourney(JSON.parse(text))
  return problems.length === 0 ? result : refused([...problems, ...(result.ok ? [] : result.problems)])
}

/** Reads a document. The value of a success is the document itself: nothing copied, ignored or filled in. */
export function parseJourney(document: unknown): Result<Journey> {
  const unfit = documentProblems(document)
  if (unfit.length > 0) return refused(unfit)
  const issues = journeySchema.safeParse(document).error?.issues ?? []
  const faults = faultsOf(issues, document, []).slice(0, 4 * MAX_PROBLEMS)
  const broken = new Set(issues.map(({ path }) => pointer((path as Path).slice(0, 2))))
  const problems = [...inWords(faults), ...meaningProblems(document, (path) => !broken.has(pointer(path)))]
  return problems.length === 0 ? { ok: true, value: document as Journey } : refused(problems)
}

/** Reads a condition by itself; whether what it names exists is not asked. */
export function parseCondition(document: unknown): Result<Condition> {
  const unfit = documentProblems(document)
  if (unfit.length > 0) return refused(unfit)
  const issues = condition.safeParse(document).error?.issues ?? []
  return issues.length === 0
    ? { ok: true, value: document as Condition }
    : refused(inWords(faultsOf(issues, document, [])))
}

/** Reads the params of a message by themselves. */
export function parseMessage<Type extends 'sendEmail' | 'sendSms'>(
  type: Type,
  params: unknown,
): Result<Extract<Action, { type: Type }>> {
  const document = { type, params }
  const unfit = documentProblems(document)
  const issues = unfit.length > 0 ? [] : (action(type).safeParse(document).error?.issues ?? [])
  const problems = [...unfit, ...inWords(faultsOf(issues, document, []))]
  return problems.length === 0
    ? { ok: true, value: document as Extract<Action, { type: Type }> }
    : refused(problems.map((found) => ({ ...found, path: found.path.replace('/params', '') })))
}

/** Reads the condition of the segment `name` among the others there are. */
export function parseSegment(
  document: unknown,
  name: string,
  segments: ReadonlyMap<string, Condition>,
): Result<Condition> {
  const parsed = parseCondition(document)
  const problems = parsed.ok ? segmentProblems(name, parsed.value, segments) : []
  return problems.length === 0 ? parsed : refused(problems)
}

function refused(problems: readonly Problem[]): {
  readonly ok: false
  readonly problems: readonly Problem[]
} {
  return { ok: false, problems: byPath(problems).slice(0, MAX_PROBLEMS) }
}

// ---- Shape: from what zod finds to what a person should read -------------------------------------------------------

type Issue = z.core.$ZodIssue

/** One thing wrong with the shape of the document. `value` is what stands there; the rest depends on the code. */
type Fault =
  | {
      readonly code: 'unexpected'
      readonly path: Path
      readonly expected: string
      readonly value: unknown
      readonly among?: readonly string[]
    }
  | { readonly code: 'missing'; readonly path: Path; readonly expected: string }
  | { readonly code: 'unknown_part'; readonly path: Path; readonly key: string }
  | { readonly code: 'unknown_kind' | 'unknown_condition'; readonly path: Path; readonly value: unknown }

/** What zod's issues mean. `at` is where the issues' paths begin. */
function faultsOf(issues: readonly Issue[], document: unknown, at: Path): readonly Fault[] {
  const mistyped = new Set(
    issues.flatMap(({ code, path }) => (code === 'invalid_type' ? [pointer(path as Path)] : [])),
  )
  return issues
    .filter(({ code, path }) => !(code.startsWith('too_') && mistyped.has(pointer(path as Path)))) // zod measures a list where it wanted a text
    .flatMap((issue) => faultsOfOne(issue, document, [...at, ...(issue.path as Path)]))
}

function faultsOfOne(issue: Issue, document: unknown, path: Path): readonly Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ code: 'unknown_part', path: [...path, key], key }))
  if (issue.code === 'invalid_key')
    return issue.issues.slice(0, 1).map((inner) => ({
      code: 'unexpected',
      path: path.slice(0, -1),
      expected: inner.message,
      value: path.at(-1),
      among: Object.keys(INTERNAL_EVENTS),
    }))
  const value = valueAt(document, path)
  if (value === undefined) return [{ code: 'missing', path, expected: issue.message }]
  if (issue.code === 'invalid_union') return faultsOfUnion(issue, document, path, value)
  return [
    {
      code: 'unexpected',
      path,
      expected: issue.message,
      value,
      ...(issue.code === 'invalid_value' ? { among: issue.values.map(String) } : {}),
    },
  ]
}

/** Of all that zod tried, what the value was probably meant to be. */
function faultsOfUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  document: unknown,
  path: Path,
  value: unknown,
): readonly Fault[] {
  if (issue.errors.length === 0)
    return [{ code: 'unexpected', path, expected: issue.message, value, among: OPERATORS }]
  if (issue.message === CONDITION_EXPECTED && isObject(value))
    return faultsOfCondition(issue.errors, document, path, value)
  if (issue.message === STEP_EXPECTED && isObject(value))
    return faultsOfStep(issue.errors, document, path, value)
  const best = bestOf(issue.errors)
  return misfit(best) >= OTHER_TYPE
    ? [{ code: 'unexpected', path, expected: issue.message, value }]
    : faultsOf(best, document, path)
}

/** A condition is told by the key that only its form has. */
function faultsOfCondition(
  errors: readonly (readonly Issue[])[],
  document: unknown,
  path: Path,
  value: object,
): readonly Fault[] {
  const issues = errors[Object.keys(CONDITION_FORMS).findIndex((key) => Object.hasOwn(value, key))]
  return issues ? faultsOf(issues, document, path) : [{ code: 'unknown_condition', path, value }]
}

/** A step is told by its kind (an end without one never gets here: its other parts tell enough). The nearest shape counts. */
function faultsOfStep(
  errors: readonly (readonly Issue[])[],
  document: unknown,
  path: Path,
  step: { readonly [key: string]: unknown },
): readonly Fault[] {
  const kind = isObject(step['meta']) ? step['meta']['kind'] : undefined
  const kinds = Object.entries(STEP_KINDS).flatMap(([name, { shapes }]) => shapes.map(() => name))
  const candidates = errors.filter((_, index) => kinds[index] === kind)
  return candidates.length > 0
    ? faultsOf(bestOf(candidates), document, path)
    : [{ code: 'unknown_kind', path: [...path, 'meta', 'kind'], value: kind }]
}

const OTHER_TYPE = 100

function bestOf(errors: readonly (readonly Issue[])[]): readonly Issue[] {
  return errors.reduce((best, next) => (misfit(next) < misfit(best) ? next : best))
}

/** How far a value is from a shape: another type altogether, other parts, other contents. */
function misfit(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + weight(issue), 0)
}

function weight(issue: Issue): number {
  if (issue.code === 'invalid_union' && issue.path.length === 0)
    return Math.min(...issue.errors.map(misfit), OTHER_TYPE)
  if (issue.code === 'invalid_type') return issue.path.length === 0 ? OTHER_TYPE : 3
  return issue.code === 'unrecognized_keys' ? 3 * issue.keys.length : 1
}

// ---- Words -------------------------------------------------------------------------------------------------------

/** The faults as problems. A misspelt name is one problem, not an unknown part and a missing one. */
function inWords(faults: readonly Fault[]): readonly Problem[] {
  const missing = faults.filter((fault) => fault.code === 'missing')
  const read = faults.map((fault) => ({
    fault,
    meant: fault.code === 'unknown_part' ? misspelt(fault.path, missing) : undefined,
  }))
  const explained = new Set<Fault | undefined>(read.map(({ meant }) => meant))
  return read
    .filter(({ fault }) => !explained.has(fault))
    .map(({ fault, meant }) => problemOf(fault, meant?.path.at(-1)))
}

/** The missing part that an unknown one beside it was probably meant to be. */
function misspelt(unknown: Path, missing: readonly Fault[]): Fault | undefined {
  const object = pointer(unknown.slice(0, -1))
  const beside = missing.filter(({ path }) => pointer(path.slice(0, -1)) === object)
  const names = beside.map(({ path }) => String(path.at(-1)))
  const name = nearest(String(unknown.at(-1)), names)
  return beside[names.findIndex((candidate) => candidate === name)]
}

function problemOf(fault: Fault, meant: string | number | undefined): Problem {
  const { path } = fault
  const value = 'value' in fault ? fault.value : undefined
  const left = fault.code === 'unknown_part' ? undefined : leftOpen(path, value)
  if (left !== undefined) return problem('unfinished', path, left)
  if (typeof value === 'string' && isNeverOpen(value)) return problem('never_opens', path, value)
  switch (fault.code) {
    case 'missing':
      return problem('missing', path, fault.expected)
    case 'unknown_part':
      return problem('unknown_part', path, fault.key, meant?.toString())
    case 'unexpected':
      return problem('unexpected', path, fault.expected, fault.value, guess(fault.value, fault.among ?? []))
    case 'unknown_kind':
      return problem(
        'unknown_kind',
        path,
        Object.keys(STEP_KINDS),
        fault.value,
        guess(fault.value, Object.keys(STEP_KINDS)),
      )
    case 'unknown_condition': {
      const keys = Object.keys(fault.value as object)
      const forms = Object.keys(CONDITION_FORMS)
      return problem(
        'unknown_condition',
        path,
        forms,
        keys,
        keys.map((key) => nearest(key, forms)).find(Boolean),
      )
    }
  }
}

function guess(value: unknown, words: readonly string[]): string | undefined {
  if (typeof value !== 'string') return undefined
  return nearest(
    value,
    words.filter((word) => word !== value),
  )
}
