/**
 * What is still empty in a file, in the words of the form it is filled in with. Everything else that is wrong with a
 * shape is for those who write files, and says what was expected; what nobody has filled in yet is no mistake.
 */
import type { Path } from './problem.ts'

/** What each part is called while it is empty, by the name that stands for it in the file. */
const EMPTY: { readonly [part: string]: string } = {
  // conditions
  field: 'no field is chosen yet',
  operator: 'it is not said yet how to compare',
  value: 'the value is still empty',
  event: 'no event is chosen yet',
  segment: 'no segment is chosen yet',
  message: 'no message is chosen yet',
  was: 'it is not said yet what became of the message',
  crossed: 'the number of points is still empty',
  direction: 'it is not said yet whether up or down',
  count: 'no event is chosen yet',
  within: 'it is not said yet within what time',
  clicked: 'the number of e-mails is still empty',
  ofLast: 'the number of e-mails is still empty',
  // steps
  attribute: 'no attribute is chosen yet',
  add: 'the number is still empty',
  subtract: 'the number is still empty',
  set: 'the value is still empty',
  multiply: 'the number is still empty',
  points: 'the limit is still empty',
  per: 'it is not said yet for how long the limit is',
  cooldown: 'the pause is still empty',
  floor: 'the lowest number is still empty',
  list: 'no list is chosen yet',
  from: 'no list is chosen yet',
  template: 'no e-mail is chosen yet',
  subject: 'the subject is still empty',
  text: 'the text is still empty',
  url: 'the address to call is still empty',
  to: 'it is not said yet who is told',
  stage: 'no stage is chosen yet',
  journey: 'no journey is chosen yet',
  properties: 'a property has no name yet',
  headers: 'a header has no name yet',
  store: 'it is not said yet what is kept of the answer',
  after: 'it is not said yet how long to wait',
  on: 'no event is chosen yet',
  at: 'no time is chosen yet',
  // the journey
  name: 'the journey has no name yet',
  label: 'the name is still empty',
  key: 'the property is still empty',
  max: 'the number is still empty',
}

/** Conditions, which are empty where they have no part. */
const CONDITIONS: ReadonlySet<string> = new Set(['when', 'all', 'any', 'not', 'where', 'audience'])
const LISTS: ReadonlySet<string> = new Set(['value', 'from', 'to'])

/** What is still empty at this place, as a sentence; undefined where something stands there, or no form fills it in. */
export function leftOpen(path: Path, value: unknown): string | undefined {
  const part = path.findLast((key) => typeof key === 'string')
  if (part === undefined || CONDITIONS.has(part))
    return isNothing(value) || hasNoParts(value)
      ? `nothing is chosen yet: ${whoseCondition(path)}`
      : undefined
  const isEmpty = isNothing(value) || (LISTS.has(part) && Array.isArray(value) && value.length === 0)
  if (!isEmpty || !isFilledIn(path, value) || !Object.hasOwn(EMPTY, part)) return undefined
  return part === 'event' && path.at(-2) !== 'count' ? 'no property of the event is chosen yet' : EMPTY[part]
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function hasNoParts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** What the condition is for: without one nobody could tell. */
function whoseCondition(path: Path): string {
  if (path.includes('where')) return 'which of them count?'
  switch (path[0]) {
    case 'on':
      return 'who enters?'
    case 'states':
      return 'who goes this way?'
    case 'meta':
      return { goal: 'what is the goal?', exits: 'who leaves early?' }[String(path[1])] ?? 'who may enter?'
    default:
      return 'who belongs to it?'
  }
}

/** Whether a form fills this place in. Where a whole part of the file is missing, its shape is told instead. */
function isFilledIn(path: Path, value: unknown): boolean {
  const [root, name, part, ...more] = path
  // Blocks of a mail say themselves what they lack.
  if (path.includes('body')) return false
  if (root === 'on' || root === 'states') return more.length > 0 || value === ''
  return root !== 'meta' || name === 'name' || part !== undefined
}
