/** What would have been right, in words, wherever a schema does not say it itself: zod's own words are for programmers. */
import type { z } from 'zod'
import { oneOf } from '../problem.ts'

const TYPES: { readonly [type: string]: string } = {
  string: 'a text',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}
const UNITS: { readonly [origin: string]: string } = {
  string: 'a text of',
  array: 'a list of',
  number: 'a number of',
  int: 'a number of',
}

export function expected(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? `a ${issue.expected}`
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_small':
      return `${UNITS[issue.origin]} at least ${issue.minimum}${counted(issue.origin, issue.minimum)}`
    case 'too_big':
      return `${UNITS[issue.origin]} at most ${issue.maximum}${counted(issue.origin, issue.maximum)}`
    default:
      return undefined
  }
}

function counted(origin: string, count: number | bigint): string {
  const unit = { string: 'character', array: 'entry' }[origin]
  return unit === undefined ? '' : ` ${count === 1 ? unit : unit.replace(/y$/, 'ie').concat('s')}`
}
