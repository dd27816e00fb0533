/** What a part of a draft needs that has not the form of such a part: said by where it stands, for people. Pure. */
import { keysOf, type Problem } from '../../../engine/index.ts'
import { words } from '../../words.ts'

/** What the engine says of these in words for those who write files. */
const OF_FORM: ReadonlySet<string> = new Set<Problem['code']>([
  'unexpected',
  'missing',
  'unknown_part',
  'unknown_condition',
  'never_opens',
])

type Found = Pick<Problem, 'code' | 'path'>

/** Whether a problem is one of form. */
export function isOfForm({ code }: Found): boolean {
  return OF_FORM.has(code)
}

const say = words.forms.needed

/** What is needed where a problem of form stands. */
export function neededAt({ code, path }: Found): string {
  const keys = named(keysOf(path))
  const key = code === 'unknown_part' ? undefined : keys.findLast((each) => Object.hasOwn(say.at, each))
  return key === undefined ? say.elsewhere : say.at[key as keyof typeof say.at]
}

/** Below these stand names that somebody gave. */
const FREE: readonly string[] = ['headers', 'store', 'properties', 'body', 'after', 'on']

/** The keys of a path that are words of the file, and no names of steps, events and the like. */
function named([part, ...keys]: readonly string[]): readonly string[] {
  if (part !== 'states') return keys
  const [, ...own] = keys
  const params = own.lastIndexOf('params')
  const inside = params < 0 ? own : own.slice(params + 1)
  const free = inside.findIndex((key) => FREE.includes(key))
  return free < 0 ? inside : inside.slice(0, free + 1)
}
