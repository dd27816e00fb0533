/** The one place that knows HTTP: how the server is asked, and how a failure becomes a sentence. */
import type { Journey } from '../engine/index.ts'
import type {
  Brakes,
  ConditionAnswers,
  ConditionMatches,
  ConditionScope,
  Contact,
  ContactDetail,
  ContactList,
  JourneyDetail,
  JourneyProblem,
  JourneySummary,
  Mail,
  MailLook,
  MailTest,
  Overdue,
  OverdueCounts,
  Page,
  Preview,
  Problem,
  PublishChoices,
  Published,
  Reader,
  ScoreHistory,
  Sending,
  ShippedJourney,
  SmsLook,
  Status,
  TakenBack,
  TimelineEntry,
  Version,
  Vocabulary,
} from './answers.ts'

/** What the server refused, or that it could not be reached (status 0). `detail` is a sentence for people, if it sent one. */
export class RequestError extends Error {
  readonly status: number
  readonly detail: string | undefined
  /** All that is wrong, where it is more than one thing. */
  readonly problems: readonly JourneyProblem[]

  constructor(
    status: number,
    detail: string | undefined,
    {
      problems = [],
      cause,
    }: { readonly problems?: readonly JourneyProblem[]; readonly cause?: unknown } = {},
  ) {
    super(detail ?? `The server answered ${status}`, { cause })
    this.name = 'RequestError'
    this.status = status
    this.detail = detail
    this.problems = problems
  }
}

/** Why the server refused, in its own words; undefined where it gave none. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof RequestError ? error.detail : undefined
}

const PAGE_SIZE = '50'

export const client = {
  signedIn: () => request<{ readonly signedIn: boolean }>('/api/session'),
  signIn: (token: string) => post<unknown>('/api/session', { token }),
  signOut: () => request<unknown>('/api/session', { method: 'DELETE' }),
  status: () => request<Status>('/api/status'),
  journeys: () => request<Page<JourneySummary>>('/api/journeys'),
  journey: (id: string) => request<JourneyDetail>(journeyPath(id)),
  /** Writes the draft where `revision` is still the newest (412 else), or where there is no such journey (null). */
  saveDraft: (id: string, text: string, revision: number | null, { keepalive = false } = {}) =>
    request<JourneyDetail>(journeyPath(id), {
      method: 'PUT',
      body: text,
      keepalive,
      headers: revision === null ? { 'if-none-match': '*' } : ifStill(revision),
    }),
  archivedJourneys: () => request<Page<JourneySummary>>('/api/journeys?archived=true'),
  /** Takes the draft away, so that what is published is all there is. */
  discardDraft: (id: string, revision: number) =>
    request<JourneyDetail>(journeyPath(id, 'draft'), { method: 'DELETE', headers: ifStill(revision) }),
  /** Only what was never published. */
  deleteJourney: (id: string, revision: number) =>
    request<unknown>(journeyPath(id), { method: 'DELETE', headers: ifStill(revision) }),
  gallery: () => request<Page<ShippedJourney>>('/api/gallery'),
  /** 412 where the id is taken. */
  copyShipped: (original: string, id: string, name: string) =>
    post<{ readonly id: string }>(path('gallery', original), { id, name }),
  installShipped: () =>
    request<{ readonly made: readonly string[]; readonly skipped: readonly string[] }>('/api/gallery', {
      method: 'POST',
    }),
  preview: (id: string, choices: PublishChoices) => post<Preview>(journeyPath(id, 'preview'), choices),
  /** Publishes the draft where `revision` is still the newest (412 else); it can be taken back for a minute. */
  publish: (id: string, revision: number, choices: PublishChoices) =>
    post<Published>(
      journeyPath(id, 'publish'),
      { ...choices, undo: 'PT60S' },
      { headers: ifStill(revision) },
    ),
  unpublish: (id: string, version: number) => post<TakenBack>(journeyPath(id, 'unpublish'), { version }),
  pause: (id: string) => post<JourneyDetail>(journeyPath(id, 'pause'), {}),
  overdue: (id: string) => request<OverdueCounts>(journeyPath(id, 'overdue')),
  resume: (id: string, overdue: Overdue) => post<JourneyDetail>(journeyPath(id, 'resume'), { overdue }),
  stop: (id: string, inside: 'finish' | 'leave') => post<JourneyDetail>(journeyPath(id, 'stop'), { inside }),
  archive: (id: string, leave: boolean) =>
    post<JourneyDetail>(journeyPath(id, 'archive'), leave ? { inside: 'leave' } : {}),
  unarchive: (id: string) => post<JourneyDetail>(journeyPath(id, 'unarchive'), {}),
  versions: (id: string, cursor: string | null) =>
    request<Page<Version>>(journeyPath(id, 'versions') + parameters({ cursor, limit: PAGE_SIZE })),
  version: (id: string, version: number) => request<Journey>(journeyPath(id, `versions/${version}`)),
  brakes: () => request<Brakes>('/api/brakes'),
  template: (name: string) => request<{ readonly subject: string }>(path('templates', name)),
  contacts: (query: { search: string; list: string; cursor: string | null }) =>
    request<Page<Contact>>(`/api/contacts${parameters({ ...query, limit: PAGE_SIZE })}`),
  contact: (id: string) => request<ContactDetail>(path('contacts', id)),
  score: (id: string, attribute: string, cursor: string | null) =>
    request<ScoreHistory>(`${path('contacts', id)}/score${parameters({ attribute, cursor, limit: '200' })}`),
  timeline: (id: string, cursor: string | null) =>
    request<Page<TimelineEntry>>(
      `${path('contacts', id)}/timeline${parameters({ cursor, limit: PAGE_SIZE })}`,
    ),
  lists: () => request<Page<ContactList>>('/api/lists'),
  vocabulary: () => request<Vocabulary>('/api/vocabulary'),
  conditionMatches: (when: unknown, scope: ConditionScope, signal: AbortSignal) =>
    post<ConditionMatches>('/api/conditions/preview', { when, scope }, { signal }),
  conditionAnswers: (when: unknown, scope: ConditionScope, contact: string, signal: AbortSignal) =>
    post<ConditionAnswers>('/api/conditions/preview', { when, scope, contact }, { signal }),
  mailLook: (content: unknown, contact: Reader, signal: AbortSignal) =>
    post<MailLook>('/api/mail/preview', { content, contact }, { signal }),
  smsLook: (content: unknown, contact: Reader, signal: AbortSignal) =>
    post<SmsLook>('/api/sms/preview', { content, contact }, { signal }),
  testMail: (content: unknown, contact: Reader, to: string) =>
    post<MailTest>('/api/mail/test', { content, contact, to }),
  mailbox: (query: { to: string; cursor: string | null }) =>
    request<Page<Mail>>(`/api/mailbox${parameters({ ...query, limit: PAGE_SIZE })}`),
  mail: (id: string) => request<Mail>(path('mailbox', id)),
  problems: (cursor: string | null) =>
    request<Page<Problem>>(`/api/problems/groups${parameters({ cursor, limit: PAGE_SIZE })}`),
  /** All that say the same about one journey. */
  settleProblems: (how: 'replay' | 'discard', { code, detail, journey }: Problem) =>
    post<unknown>(`/api/problems/${how}`, { code, detail, ...(journey !== null && { journey }) }),
  settleHeld: (how: 'release' | 'discard', journey: string) =>
    post<unknown>(`/api/messages/${how}`, { journey }),
  sending: () => request<Sending>('/api/sending'),
  setSending: (stopped: boolean) => post<Sending>('/api/sending', { stopped }),
}

function path(of: string, id: string): string {
  return `/api/${of}/${encodeURIComponent(id)}`
}

/** The path of a journey, or of what is asked of it. */
function journeyPath(id: string, what?: string): string {
  return what === undefined ? path('journeys', id) : `${path('journeys', id)}/${what}`
}

/** Only where nobody has written another draft meanwhile. */
function ifStill(revision: number) {
  return { 'if-match': `"${revision}"` }
}

function post<Answer>(path: string, body: object, init: RequestInit = {}): Promise<Answer> {
  return request<Answer>(path, { ...init, method: 'POST', body: JSON.stringify(body) })
}

function parameters(query: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== null && pair[1] !== '',
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

async function request<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await reach(path, init)
  const body: unknown = await readJson(response)
  if (!response.ok) throw new RequestError(response.status, detailOf(body), { problems: problemsOf(body) })
  return body as Answer
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  if (init.body !== undefined) headers.set('content-type', 'application/json')
  try {
    return await fetch(path, { ...init, headers, credentials: 'same-origin' })
  } catch (error) {
    // fetch rejects with a TypeError when no answer came at all.
    throw new RequestError(0, undefined, { cause: error })
  }
}

/** The body as JSON; undefined where it has none (204) or where a proxy in between answered with a page of its own. */
async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  return type.includes('json') ? response.json() : undefined
}

function detailOf(body: unknown): string | undefined {
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined
  return typeof detail === 'string' ? detail : undefined
}

function problemsOf(body: unknown): readonly JourneyProblem[] {
  const problems = typeof body === 'object' && body !== null && 'problems' in body ? body.problems : undefined
  return Array.isArray(problems) ? (problems as readonly JourneyProblem[]) : []
}
