/** What a part of a draft needs that has not the form of such a part: said by where it stands, for people. Pure. */
import { keysOf, type ProblemCode } from '../../../engine/index.ts'
import { words } from '../../words.ts'

/** What the engine says of these in words for those who write files. */
const OF_FORM: ReadonlySet<string> = new Set<ProblemCode>([
  'unexpected',
  'missing',
  'unknown_part',
  'unknown_condition',
  'never_opens',
])

interface Found {
  readonly code: string
  readonly path: string
}

/** Whether a problem is one of form. */
export function isOfForm({ code }: Found): boolean {
  return OF_FORM.has(code)
}

const say = words.forms.needed

/** What is needed where a problem of form stands. */
export function neededAt(found: Found): string {
  return knownNeedAt(found) ?? say.elsewhere
}

/** The same; undefined where no more is known than that something is of another form. */
export function knownNeedAt({ code, path }: Found): string | undefined {
  if (code === 'unknown_part') return undefined
  const key = named(keysOf(path)).findLast((each) => Object.hasOwn(say.at, each))
  return key === undefined ? undefined : say.at[key as keyof typeof say.at]
}

/** Below these stand names that somebody gave, or what has words of its own. */
const FREE: readonly string[] = ['headers', 'store', 'properties', 'body', 'after', 'on', 'when']

/** The keys of a path that are words of the file, and no names of steps, events and the like. */
function named([part, ...keys]: readonly string[]): readonly string[] {
  if (part === 'on' && keys.length === 0) return [part]
  const own = part === 'meta' ? keys : keys.slice(1)
  const params = own.lastIndexOf('params')
  const inside = params < 0 ? own : own.slice(params + 1)
  const free = inside.findIndex((key) => FREE.includes(key))
  return free < 0 ? inside : inside.slice(0, free + 1)
}
