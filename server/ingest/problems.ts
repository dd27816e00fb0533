/**
 * What can be wrong with what a client sends, and the sentence that says so. Where the engine has a sentence for it (a
 * wrong type, nesting, a zero character), that one is used, so that all of Tidemark complains in the same words.
 */
import { pointer, problem, type Path, type Problem, type ProblemCode } from '../../engine/index.ts'

export const CALL_CODES = [
  // the engine's sentences fit
  'unexpected',
  'missing',
  'too_deep',
  'reserved_key',
  'bad_text',
  'bad_number',
  // only calls can have these
  'too_large',
  'no_identity',
  'reserved_event',
  // what a call may not write, or could not: skipped and named
  'read_only',
  'bad_name',
  'written_twice',
  'not_an_address',
  'unknown_zone',
  'no_company',
] as const
export type CallCode = (typeof CALL_CODES)[number]

/** A fault of one call: an error refuses the whole call, a warning names what of it was not stored. */
export interface CallProblem {
  readonly severity: 'error' | 'warning'
  readonly code: CallCode
  /** JSON Pointer (RFC 6901) into the call; in a batch into its item. */
  readonly path: string
  /** A sentence for people. */
  readonly detail: string
}

/** A value of the wrong kind: `expected true or false, got "yes"`. */
export function unexpected(path: Path, expected: string, value: unknown): CallProblem {
  return value === undefined
    ? { ...problem('missing', path, expected), code: 'missing' }
    : { ...problem('unexpected', path, expected, value), code: 'unexpected' }
}

/** The same where the call goes through without this part. */
export function unused(code: CallCode, path: Path, expected: string, value: unknown): CallProblem {
  return { ...unexpected(path, expected, value), severity: 'warning', code }
}

/** What is no plain JSON that every store keeps; `data` is what the engine's sentence needs. */
export function unstorable(code: 'bad_text', path: Path): CallProblem
export function unstorable(code: 'reserved_key', path: Path, key: string): CallProblem
export function unstorable(code: 'bad_number' | 'too_deep', path: Path, value: number): CallProblem
export function unstorable(code: ProblemCode & CallCode, path: Path, ...data: unknown[]): CallProblem {
  const build = problem as (code: ProblemCode, path: Path, ...data: unknown[]) => Problem
  return { ...build(code, path, ...data), code }
}

/** A fault with a sentence of its own. */
export function fault(
  code: CallCode,
  path: Path,
  detail: string,
  severity: CallProblem['severity'] = 'error',
): CallProblem {
  return { severity, code, path: pointer(path), detail }
}
