/** JSON Pointers (RFC 6901): where something stands in what another system sent. */

import type { Json } from '../../engine/index.ts'

/** `/a/b`, `/list/0`; empty for the whole. */
export const POINTER = /^(?:\/(?:[^~]|~[01])*)?$/s

/** What stands there in something read as JSON; undefined where there is nothing. */
export function pointedAt(whole: unknown, pointer: string): Json | undefined {
  return partsOf(pointer).reduce(partAt, whole) as Json | undefined
}

function partsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function partAt(value: unknown, part: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
  // A list has a length of its own, which nobody sent.
  if (Array.isArray(value) && !/^\d+$/.test(part)) return undefined
  return (value as { readonly [part: string]: unknown })[part]
}
