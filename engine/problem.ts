/**
 * Everything that can be wrong with a journey, and every sentence that says so. The code is for machines and stays; the
 * sentence is for the person who can fix it: what was expected, what came. Where it is, the path tells.
 */

/** What stops a journey from being read or published. */
export const ERROR_CODES = [
  // the text is no JSON that could be kept as it is
  'json_syntax',
  'too_large',
  'duplicate_key',
  'inexact_number',
  // the document is no JSON that could be kept as it is
  'not_json',
  'too_deep',
  'reserved_key',
  'long_key',
  'bad_text',
  'bad_number',
  // a part has not the shape it should have
  'unexpected',
  'missing',
  'unknown_part',
  'unknown_kind',
  'unknown_condition',
  'unfinished',
  // the parts do not fit together
  'no_trigger',
  'unknown_step',
  'decay_target',
  'leave_target',
  'not_a_message',
  'not_for_segments',
  'segment_circle',
  'segment_too_large',
  'no_time',
  'time_elsewhere',
  // it would not do what was meant
  'unreachable_step',
  'unreachable_branch',
  'endless_loop',
  'no_time_out',
  'unknown_template',
  'unknown_journey',
  'unstartable_journey',
  'stored_score',
  'endless_circle',
  'unknown_segment',
  'never_a_date',
  'never_opens',
  'nobody_named',
  // a message says nothing yet, or not what was meant
  'no_subject',
  'no_text',
  'no_words',
  'no_address',
  'bad_address',
  'bad_liquid',
  'long_sms',
  // the installation is not ready for it
  'cannot_send',
] as const

/** What a person should know before publishing. */
export const WARNING_CODES = [
  'goal_in_passing',
  'unlimited_messages',
  'messages_together',
  'parallel_sends',
  'parallel_waits',
  'lowered_twice',
  'only_once',
  'no_fallback',
  'unknown_field',
  'no_alternative',
  'private_address',
  'short_wait',
  'never_received',
  'gap',
  'overlap',
  'band_lists_added',
  'windows_apart',
  'behind_ending',
  'mails_on_a_day',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]
export type WarningCode = (typeof WARNING_CODES)[number]
export type ProblemCode = ErrorCode | WarningCode

export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly code: ProblemCode
  /** JSON Pointer (RFC 6901) of the offending part; empty for the whole file. */
  readonly path: string
  /** A sentence for people. */
  readonly detail: string
  /** What the sentence was made of, where something could be mended by it: the name that was probably meant, say. */
  readonly data?: readonly Datum[]
}
export type Datum = string | number | readonly string[]

/** Of these the data is told. */
const WITH_DATA: ReadonlySet<ProblemCode> = new Set([
  'unknown_step',
  'not_a_message',
  'unknown_template',
  'unknown_journey',
  'unknown_segment',
  'unknown_field',
  'bad_address',
  'no_fallback',
  'never_received',
  'band_lists_added',
  'lowered_twice',
])

/** What may fail and is expected to: a value, or all that is wrong. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Where something stands in a document, from the top. */
export type Path = readonly (string | number)[]

const SENTENCES = {
  json_syntax: (line: number, column: number, expected: string, came: string) =>
    `line ${line}, column ${column}: expected ${expected}, got ${came}`,
  too_large: (bytes: number, limit: number) => `expected a file of at most ${limit} bytes, got ${bytes}`,
  duplicate_key: (key: string, line: number, column: number) =>
    `line ${line}, column ${column}: ${quoted(key)} stands here a second time; expected it once`,
  inexact_number: (text: string, line: number, column: number) =>
    `line ${line}, column ${column}: expected a number with fewer digits, got ${clipped(text)}, which would be rounded`,

  not_json: (value: unknown) =>
    `expected a text, a number, true, false, null, a list or an object, got ${cameAs(value)}`,
  too_deep: (limit: number) => `expected at most ${limit} levels, got more`,
  reserved_key: (key: string) =>
    `expected another name than ${quoted(key)}: this one is reserved by the language`,
  long_key: (limit: number, key: string) =>
    `expected names of at most ${limit} characters, got ${quoted(key)}`,
  bad_text: () => 'expected a text of whole characters, got one with a zero character or half a character',
  bad_number: (value: number) =>
    `expected a number that can be stored, got ${Object.is(value, -0) ? '-0' : value}`,

  unexpected: (expected: string, value: unknown, meant?: string) =>
    `expected ${expected}, got ${cameAs(value)}${question(meant)}`,
  missing: (expected: string) => `is missing: expected ${expected}`,
  unknown_part: (key: string, meant?: string) =>
    `expected nothing of the name ${quoted(key)} here${question(meant)}`,
  unknown_kind: (kinds: readonly string[], value: unknown, meant?: string) =>
    `expected a kind of step, ${oneOf(kinds)}, got ${cameAs(value)}${question(meant)}`,
  unknown_condition: (forms: readonly string[], keys: readonly string[], meant?: string) =>
    `expected a condition, which has ${oneOf(forms)}, got one with ${clipped(keys.join(', '))}${question(meant)}`,

  unfinished: (what: string) => what,

  no_trigger: () => 'expected at least one trigger: without one nobody ever enters',
  unknown_step: (id: string, meant?: string) =>
    `expected a step of this journey, got ${quoted(id)}, which does not exist${question(meant)}`,
  decay_target: (id: string) =>
    `expected the step itself, since it lowers the score again and again, got ${quoted(id)}`,
  leave_target: (id: string) => `expected an end, since this step leaves the journey, got ${quoted(id)}`,
  not_a_message: (id: string, meant?: string) =>
    `expected a step of this journey that sends a message, got ${quoted(id)}${question(meant)}`,

  not_for_segments: () =>
    'expected a condition on the contact: a segment knows no event and no passage through a journey',
  segment_circle: (segment: string) =>
    `expected a segment that does not depend on this one, got ${quoted(segment)}, which does`,
  segment_too_large: (segment: string, most: number) =>
    `expected segments of at most ${most} conditions each, those of the segments they name included; ${quoted(segment)} would have more`,
  no_time: () => 'no time is chosen yet: when do people enter?',
  time_elsewhere: () => 'expected "at" only with triggers on "time.due"',

  // Steps and branches come as they are called within a sentence, see `stepName.ts`.
  unreachable_step: (step: string) => `nobody can get to ${step}: no way leads here`,
  unreachable_branch: (branch: string, why: string) => `nobody can take the way to ${branch}: ${why}`,
  endless_loop: (steps: readonly string[]) =>
    steps.length === 1
      ? `${listed(steps)} follows itself in a circle for ever: a wait is missing in it`
      : `${listed(steps)} follow each other in a circle for ever: a wait is missing between them`,
  no_time_out: (step: string) => `${step} may last for ever: a time is missing after which it goes on`,
  unknown_template: (name: string, meant?: string) =>
    `there is no e-mail called ${named(name)}${question(meant)}`,
  unknown_journey: (id: string, meant?: string) =>
    `no published journey is called ${named(id)}${question(meant)}`,
  unstartable_journey: (name: string) =>
    `${named(name)} cannot be started by another journey: it has no trigger “Is put in by hand or by program”`,
  stored_score: (attribute: string) =>
    `${attribute} is a score: points come from steps that add them, never from an answer`,
  endless_circle: (journeys: readonly string[]) =>
    journeys.length === 1
      ? `${listed(journeys.map(named))} lets the same contact in again and again without a brake: expected a wait, a cap, a cooldown, or re-entry only once`
      : `${listed(journeys.map(named))} set each other off again and again without a brake: expected a wait, a cap, a cooldown, or re-entry only once in one of them`,
  unknown_segment: (name: string, meant?: string) =>
    `there is no segment called ${named(name)}${question(meant)}`,
  never_a_date: (attribute: string) => `${attribute} never holds a date: points are counted in it`,
  never_opens: (window: string) => `${quoted(window)} closes the moment it opens`,
  nobody_named: (time: string) => `it is not said who enters ${time}: choose a condition, or everybody`,
  no_subject: (message: string) => `${message} has no subject yet`,
  no_text: (message: string) => `${message} says nothing yet`,
  no_words: () => 'the button has no words yet',
  no_address: () => 'there is no address yet: expected one such as "https://example.com/page"',
  bad_address: (address: string) =>
    `expected an address such as "https://example.com/page"${address.includes('{{') ? ', with {{ … }} only behind the host' : ''}, got ${quoted(address)}`,
  bad_liquid: (detail: string) => `what stands in {{ … }} or {% … %} cannot be read: ${detail}`,
  long_sms: (message: string, segments: number, most: number) =>
    `${message} is ${segments} SMS long: expected at most ${most}`,
  cannot_send: (reasons: readonly string[]) =>
    `this journey sends e-mail, and mail cannot go out yet: ${reasons.join('; ')}`,

  goal_in_passing: (step: string) =>
    `${step} can reach the goal, and for whom it does, what comes after it is left out: put what must still happen on the goal's way`,
  unlimited_messages: (steps: readonly string[]) =>
    `${listed(steps)} may be sent to the same contact again and again: give the loop a limit, such as a condition on the number of messages sent`,
  messages_together: (first: string, second: string) =>
    `who gets ${first} gets ${second} at the same moment: is a wait missing between them?`,
  parallel_sends: (step: string) =>
    `everyone who triggers this journey several times gets ${step} several times, side by side: is that meant?`,
  parallel_waits: (step: string) =>
    `everyone who triggers this journey several times waits in ${step} several times, side by side: is that meant?`,
  lowered_twice: (attribute: string, journey: string) =>
    `${attribute} is lowered for inactivity by ${named(journey)} too: who is inactive loses points twice`,
  only_once: (time: string) =>
    `the time ${named(time)} comes again and again, but this journey lets everybody in only once, ever: is that meant?`,
  // What the text itself calls the field is for whoever mends it.
  no_fallback: (field: string, _name: string) =>
    `who has no “${clipped(field)}” gets a hole in the text: expected what stands there instead`,
  unknown_field: (field: string, meant?: string) => `nobody seems to have ${quoted(field)}${question(meant)}`,
  no_alternative: () => 'the picture has no words for those who do not see it',
  private_address: (address: string) =>
    `${quoted(address)} leads to this computer or into a private network: nobody outside gets there`,
  short_wait: (length: string, message: string) =>
    `${message} goes out after a wait of only ${length}: is a longer one meant?`,
  never_received: (event: string, meant?: string) =>
    `${named(event)} has not been received in the last 30 days${meant === undefined ? ': is its name right?' : question(meant)}`,
  gap: (subject: string, example: number, from: number, to: number) =>
    from === to
      ? `${subject} ${example} fits no branch: it goes with everyone else`
      : `${subject} ${example} fits no branch: between ${from} and ${to} it goes with everyone else`,
  overlap: (subject: string, from: number, to: number, first: string, second: string) =>
    `${subject} ${from === to ? from : `${from} to ${to}`} fits the way to ${first} and the way to ${second}: it goes the first`,
  band_lists_added: (list: string, others: readonly string[]) =>
    `who is added to ${named(list)} here stays on ${listed(others.map(named))} too: move them from there instead`,
  windows_apart: (first: string, second: string) =>
    `${first} is never ${second}: whoever waited for the one waits on for the other`,
  behind_ending: (branch: string, ending: 'goal' | 'exit') =>
    `nobody can take the way to ${branch}: whoever could has ${ending === 'goal' ? 'reached the goal' : 'left early'} by then`,
  mails_on_a_day: (journeys: readonly string[]) =>
    `who enters here may get a message from ${listed(journeys.map(named))} on the same day too: is that meant?`,
} satisfies { readonly [Code in ProblemCode]: (...data: never[]) => string }

/** A problem at its place; `data` is what the code's sentence needs. */
export function problem<Code extends ProblemCode>(
  code: Code,
  path: Path,
  ...data: Parameters<(typeof SENTENCES)[Code]>
): Problem {
  const say = SENTENCES[code] as (...data: unknown[]) => string
  return {
    severity: WARNING_CODES.some((warning) => warning === code) ? 'warning' : 'error',
    code,
    path: pointer(path),
    detail: say(...data),
    ...(WITH_DATA.has(code) && { data: data.filter((datum) => datum !== undefined) as readonly Datum[] }),
  }
}

/** The problem as one line: `/states/pause/after: expected a delay such as "P3D", got "3 dys"`. */
export function describe({ path, detail }: Problem): string {
  return path === '' ? detail : `${path}: ${detail}`
}

/** Problems in the order of the file's paths; what stands at one path keeps its order. */
export function byPath(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/** JSON Pointer (RFC 6901) of a path: `/states/a~1b`. */
export function pointer(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The keys of a JSON Pointer, from the top. */
export function keysOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The one of `words` that was probably meant, or undefined: at most a third of its letters differ. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const near = words
    .map((candidate) => ({ candidate, away: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, away }) => away <= Math.ceil(candidate.length / 3))
  return near.toSorted((a, b) => a.away - b.away)[0]?.candidate
}

/** How many letters must change, be added or left out (Levenshtein); very long words are far from everything. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 32) return Infinity
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let index = 0; index < a.length; index++) {
    const next = [index + 1]
    for (let column = 1; column <= b.length; column++)
      next.push(
        Math.min(
          row[column]! + 1,
          next[column - 1]! + 1,
          row[column - 1]! + (b[column - 1] === a[index] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length]!
}

/** No sentence repeats more of the input than this. */
const LONGEST_ECHO = 80

/** A text as it may stand in a sentence: cut where it is very long. */
export function clipped(text: string): string {
  return text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO - 1)}…` : text
}

/** What people call by a name. */
function named(text: string): string {
  return `“${clipped(text)}”`
}

function quoted(text: string): string {
  return JSON.stringify(clipped(text))
}

function cameAs(value: unknown): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'undefined':
      return 'nothing'
    case 'object':
      return Array.isArray(value) ? listAs(value) : objectAs(value)
    case 'number':
    case 'boolean':
    case 'bigint':
      return clipped(String(value))
    default:
      return `a ${typeof value}`
  }
}

function listAs(list: readonly unknown[]): string {
  return list.length === 0 ? 'an empty list' : `a list of ${list.length}`
}

function objectAs(object: object): string {
  const keys = Object.keys(object)
  return keys.length === 0 ? 'an empty object' : `an object with ${clipped(keys.join(', '))}`
}

/** `"a"`, or `one of "a", "b"`. */
export function oneOf(words: readonly unknown[]): string {
  const shown = words.map((word) => JSON.stringify(word)).join(', ')
  return words.length === 1 ? shown : `one of ${shown}`
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5)
  const rest = names.length - shown.length
  return rest > 0
    ? `${shown.join(', ')} and ${rest} more`
    : shown.length > 1
      ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
      : shown.join('')
}

function question(meant: string | undefined): string {
  return meant === undefined ? '' : `; did you mean ${quoted(meant)}?`
}
