/**
 * Everything the HTTP interface refuses, as `application/problem+json` (RFC 9457), and every sentence that says so: what
 * was expected, what came. `code` is for machines and stays; `path` is a JSON Pointer into the body, or names the part of
 * the query as if it were one.
 */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { QueueFull } from '../runtime/turns.ts'
import { DatabaseAway } from '../store/database.ts'
import type { Deps } from './deps.ts'

/** One fault among several: of a call, of a journey, of a template. */
export interface Fault {
  readonly code: string
  readonly path: string
  readonly detail: string
}

const TITLES: { readonly [status: number]: string } = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible as things stand',
  412: 'Changed meanwhile',
  413: 'Too large',
  422: 'Not acceptable as it is',
  428: 'If-Match is missing',
  429: 'Too much at once',
  500: 'Unexpected',
  502: 'Not taken',
  503: 'Not ready',
}

const REFUSALS = {
  // who is asking
  not_signed_in: at(
    401,
    () =>
      'expected "Authorization: Bearer <TIDEMARK_API_KEY>" or a signed-in browser, got neither; `npm run login` prints a link to sign in',
  ),
  wrong_api_key: at(
    401,
    () =>
      'expected "Authorization: Bearer <key>" with an API key that is not revoked, got another one; `npm run keys` makes a new one',
  ),
  wrong_write_key: at(
    401,
    () =>
      'expected the write key as user name of Basic authentication, got none or a wrong one; `npm run keys` makes a new one',
  ),
  login_refused: at(
    401,
    () =>
      'expected a login link not yet used and made within the last 15 minutes, got another one; `npm run login` prints a new one',
  ),
  wrong_origin: at(
    403,
    (own: string, came: string) => `expected a page of ${own} to ask for this change, got one of ${came}`,
  ),

  unsigned_call: at(401, (header: string) => `expected the header ${header}, got none that can be read`),
  stale_call: at(
    401,
    () => 'expected a call signed within 5 minutes of now, got one signed earlier or later: send it again',
  ),
  forged_call: at(
    401,
    () =>
      'expected a call signed with the secret of this source, got one signed with another, or changed on its way',
  ),

  // how it is asked
  invalid_json: at(400, (how: string) => `expected a body of JSON in UTF-8${how}, got something else`),
  invalid_query: at(400, (expected: string, came: string) => `expected ${expected}, got ${quoted(came)}`),
  too_large: at(413, (limit: number) => `expected a body of at most ${limit} bytes, got more`),

  // what it is about
  unknown_address: at(
    404,
    (method: string, path: string) =>
      `expected an address of this server, got ${method} ${clipped(path)}, which does not exist`,
  ),
  unknown_contact: at(404, (id: string) => `expected the id of a contact, got ${quoted(id)}, which is none`),
  unknown_journey: at(404, (id: string) => `expected the id of a journey, got ${quoted(id)}, which is none`),
  unknown_version: at(
    404,
    (version: number) => `expected the number of a version of this journey, got ${version}, which is none`,
  ),
  unknown_list: at(404, (name: string) => `expected the name of a list, got ${quoted(name)}, which is none`),
  unknown_segment: at(
    404,
    (name: string) => `expected the name of a segment, got ${quoted(name)}, which is none`,
  ),
  unknown_source: at(
    404,
    (name: string) => `expected the name of a source, got ${quoted(name)}, which is none`,
  ),
  unknown_template: at(
    404,
    (name: string) => `expected the name of a template, got ${quoted(name)}, which is none`,
  ),
  unknown_mail: at(
    404,
    (id: string) => `expected the id of a message kept in the mailbox, got ${quoted(id)}, which is none`,
  ),
  unknown_message: at(404, (id: string) => `expected the id of a message, got ${quoted(id)}, which is none`),
  not_replayable: at(
    409,
    (id: string) =>
      `expected a problem with an entry that can be run again, but problem ${quoted(id)} has none: put it aside once it is solved`,
  ),
  unknown_problem: at(
    404,
    (id: string) => `expected the id of an open problem, got ${quoted(id)}, which is none`,
  ),

  // contacts
  no_score: at(
    422,
    (attribute: string, scores: readonly string[]) =>
      `expected a score, which is one of ${scores.join(', ')}, got ${quoted(attribute)}`,
  ),
  has_unsubscribed: at(
    409,
    (purpose: string) =>
      `this person has unsubscribed (${purpose}): only their own new sign-up can lift that, nobody else`,
  ),

  // segments
  segment_in_use: at(
    409,
    (name: string, users: readonly string[]) =>
      `expected a segment that nothing names, but ${quoted(name)} is named by ${users.join(', ')}`,
  ),

  // journeys
  no_document: at(
    422,
    (came: string) => `expected a journey file, which is one JSON object, got ${clipped(came)}`,
  ),
  other_id: at(
    422,
    (expected: string, came: string) =>
      `expected ${quoted(expected)}, the id in the address, got ${clipped(came)}`,
  ),
  document_too_large: at(
    422,
    (limit: number) => `expected a journey file of at most ${limit} bytes, got more`,
  ),
  document_too_deep: at(
    422,
    (limit: number) => `expected a journey file of at most ${limit} levels, got more`,
  ),
  if_match_missing: at(
    428,
    (etag: string) =>
      `there is a draft already: expected its ETag in If-Match (now ${etag}), so that nobody's changes are lost, got none`,
  ),
  changed_meanwhile: at(
    412,
    (etag: string, came: string) =>
      `the draft was changed meanwhile: expected If-Match: ${etag}, got ${clipped(came)}; read it again first`,
  ),
  id_taken: at(
    412,
    (id: string) =>
      `expected an id that no journey has yet, got ${quoted(id)}: there is a journey of that id`,
  ),
  no_draft: at(
    409,
    (id: string) => `journey ${quoted(id)} has no draft: what there is to publish has been published`,
  ),
  not_published: at(
    409,
    (id: string) =>
      `journey ${quoted(id)} is not published, so its draft is all there is of it: delete the journey to be rid of it`,
  ),
  was_published: at(
    409,
    (id: string) =>
      `journey ${quoted(id)} was published once, and the history of people names it: archive it instead`,
  ),
  not_live: at(
    409,
    (id: string, status: string) => `expected a live journey, but journey ${quoted(id)} is ${status}`,
  ),
  not_paused: at(
    409,
    (id: string, status: string) =>
      `expected a paused or stopped journey, but journey ${quoted(id)} is ${status}`,
  ),
  not_running: at(
    409,
    (id: string, status: string) =>
      `expected a live or paused journey, but journey ${quoted(id)} is ${status}`,
  ),
  is_archived: at(
    409,
    (id: string, status: string) =>
      `expected a journey in use, but journey ${quoted(id)} is ${status}: take it out of the archive first`,
  ),
  not_archived: at(
    409,
    (id: string, status: string) => `expected an archived journey, but journey ${quoted(id)} is ${status}`,
  ),
  still_inside: at(
    409,
    (id: string) =>
      `somebody is inside journey ${quoted(id)}: stop it and let them finish, or let them leave with "inside": "leave"`,
  ),
  paused_inside: at(
    409,
    (id: string) =>
      `journey ${quoted(id)} is paused and somebody is inside: resume it first, or let them leave with "inside": "leave"`,
  ),
  not_newest: at(
    409,
    (version: number) =>
      `expected the newest version, got ${version}, which is not: only the newest can be taken back`,
  ),
  undo_over: at(
    409,
    (version: number) => `the time to take version ${version} back is over: what it sends is on its way`,
  ),
  not_startable: at(
    409,
    (id: string) =>
      `journey ${quoted(id)} lets nobody in on request: expected it to have the trigger "journey.requested"`,
  ),

  // messages, templates, clock
  sending_stopped: at(409, () => 'all sending is stopped, tests as well: start it again first'),
  cannot_send: at(409, (reasons: readonly string[]) => `mail cannot go out yet: ${reasons.join('; ')}`),
  test_not_made: at(422, (detail: string) => `the mail cannot be made: ${detail}`),
  test_not_sent: at(502, (detail: string) => `the mail server did not take it: ${detail}`),
  too_many_tests: at(
    429,
    (most: number, minutes: number) =>
      `expected at most ${most} tests in ${minutes} minutes: a little later the next one goes`,
  ),
  not_resendable: at(
    409,
    (status: string) =>
      `expected a message that failed or of which nobody knows whether it arrived, but this one is ${status}`,
  ),
  not_held: at(
    409,
    (status: string) => `expected a message that the brakes hold back, but this one is ${status}`,
  ),
  not_discardable: at(
    409,
    (status: string) => `expected a message that is held or waits to go out, but this one is ${status}`,
  ),
  not_sandbox: at(
    409,
    () => 'the clock can only be moved in the sandbox: expected a server started with TIDEMARK_SANDBOX=1',
  ),

  too_far: at(
    422,
    (came: string) => `expected a duration of at most P10Y, got ${quoted(came)}: nothing waits longer`,
  ),

  // the server itself
  busy: at(429, () => 'more is waiting than can be served: expected the call again a little later'),
  not_ready: at(503, () => 'the server is starting or stopping: expected the call again a little later'),
  database_away: at(
    503,
    () => 'the database cannot be reached at the moment: expected the call again a little later',
  ),
  unexpected_error: at(500, () => 'something went wrong here; the log of the server says what'),
} as const

export type RefusalCode = keyof typeof REFUSALS

function at<Data extends readonly unknown[]>(status: ContentfulStatusCode, say: (...data: Data) => string) {
  return { status, say }
}

/** Refuses with the code's own status and sentence; `path` is the offending part, `data` is what the sentence needs. */
export function refuse<Code extends RefusalCode>(
  c: Context,
  code: Code,
  path: string | null,
  ...data: Parameters<(typeof REFUSALS)[Code]['say']>
) {
  const { status, say } = REFUSALS[code]
  return answer(c, status, code, (say as (...data: readonly unknown[]) => string)(...data), path, [])
}

/** Refuses with what is wrong, all of it; at the top stand the first fault's path, and its sentence or `detail`. */
export function refuseFaults(
  c: Context,
  status: ContentfulStatusCode,
  code: string,
  faults: readonly Fault[],
  detail = faults[0]?.detail ?? code,
) {
  return answer(c, status, code, detail, faults[0]?.path ?? null, faults)
}

function answer(
  c: Context,
  status: ContentfulStatusCode,
  code: string,
  detail: string,
  path: string | null,
  problems: readonly Fault[],
) {
  // The rest of the body is not read, so the connection is of no more use: a client that kept it would meet its end.
  if (code === 'too_large' || code === 'document_too_large') c.header('Connection', 'close')
  const document = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Refused',
    status,
    code,
    detail,
    ...(path !== null && { path }),
    ...(problems.length > 0 && { problems }),
  }
  return c.json(document, status, { 'Content-Type': 'application/problem+json' })
}

/** Whoever cannot be served now waits this many seconds; Segment's client honours it where too much came only. */
const RETRY_AFTER = '1'

/** What nobody expected: noted for the operator, and nothing of it told outside. */
export function onError({ ready, report }: Pick<Deps, 'ready' | 'report'>): ErrorHandler {
  return (error, c) => {
    if (error instanceof QueueFull) {
      c.header('Retry-After', RETRY_AFTER)
      return refuse(c, 'busy', null)
    }
    if (!ready()) return refuse(c, 'not_ready', null)
    if (error instanceof DatabaseAway) {
      c.header('Retry-After', RETRY_AFTER)
      return refuse(c, 'database_away', null)
    }
    report(error)
    return refuse(c, 'unexpected_error', null)
  }
}

export const onNotFound: NotFoundHandler = (c) => refuse(c, 'unknown_address', null, c.req.method, c.req.path)

/** No sentence repeats more of the input than this. */
const LONGEST_ECHO = 80

function clipped(text: string): string {
  return text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO - 1)}…` : text
}

function quoted(text: string): string {
  return JSON.stringify(clipped(text))
}
