/** `/api/journeys`: drafts are written, published, paused and resumed; people are put in by hand. */
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { MAX_JOURNEY_BYTES, type JsonObject, type Problem, type TraceLine } from '../../engine/index.ts'
import {
  draftFault,
  etagOf,
  MOST_LEVELS,
  putDraft,
  textProblems,
  type DraftFault,
} from '../runtime/drafts.ts'
import { INSIDE, type Publication } from '../runtime/journeys.ts'
import { record } from '../runtime/process.ts'
import { contactById } from '../store/contacts.ts'
import type { Tx } from '../store/database.ts'
import { journeyRow, journeyRows } from '../store/journeys.ts'
import { newestEntry } from '../store/timeline.ts'
import { readBody, readText } from './body.ts'
import type { Deps } from './deps.ts'
import { journeyViews } from './journeyViews.ts'
import { pageOf, readPaging } from './page.ts'
import { refuseFaults, refuse } from './problem.ts'

/** Few enough to be shown at once, unless asked otherwise. */
const ALL = 500

const publication = z.strictObject(
  {
    inside: z.enum(INSIDE, `one of ${INSIDE.join(', ')}`).default('stay'),
    letIn: z
      .literal(false, 'false: those who match already are not let in by this version of Tidemark')
      .optional(),
  },
  'an object with "inside"',
)
const resumption = z.strictObject(
  { overdue: z.literal('send', '"send": what is overdue goes on at once').optional() },
  'an object with "overdue", or none',
)
const CONTACT = 'the id of a contact'
const admission = z.strictObject(
  {
    contact: z.string(CONTACT).min(1, CONTACT).max(255, CONTACT),
    properties: z.record(z.string(), z.json(), 'an object with properties').optional(),
  },
  'an object with "contact", and perhaps "properties"',
)

export function journeyRoutes(deps: Deps) {
  const { database, turns, journeys, clock } = deps
  const views = journeyViews(deps)

  return new Hono()
    .get('/', async (c) => {
      const read = readPaging<readonly [string]>(c, ['string'], ALL)
      if (!read.ok) return read.refusal
      const { limit, after } = read.paging
      const rows = (await journeyRows(database.read)).filter(({ id }) => id > (after?.[0] ?? ''))
      const { items, next } = pageOf(
        rows,
        limit,
        ({ id }) => [id],
        (row) => row,
      )
      return c.json({ items: await views.summaries(items), next })
    })
    .get('/:id', async (c) => {
      const found = await views.detailOf(c.req.param('id'))
      if (!found) return refuse(c, 'unknown_journey', null, c.req.param('id'))
      return c.json(found.view, 200, { ETag: etagOf(found.row) })
    })
    .put('/:id', async (c) => {
      const id = c.req.param('id')
      const text = await readText(c, MAX_JOURNEY_BYTES)
      if (text === undefined) return refuse(c, 'document_too_large', '', MAX_JOURNEY_BYTES)
      const fault = draftFault(id, text)
      if (fault) return refuseDraft(c, id, fault)
      const ifMatch = c.req.header('if-match')
      const result = await turns.run((tx) => putDraft(tx, id, text, ifMatch, clock.now()))
      if (!result.saved && result.why === 'if_match_missing') return refuse(c, result.why, null, result.etag)
      if (!result.saved) return refuse(c, 'changed_meanwhile', null, result.etag, ifMatch ?? '')
      const found = await views.detailOf(id)
      if (!found) return refuse(c, 'unknown_journey', null, id)
      return c.json(found.view, result.isNew ? 201 : 200, { ETag: etagOf(found.row) })
    })
    .post('/:id/publish', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, publication)
      if (!body.ok) return body.refusal
      const { inside } = body.value
      const result = await changing(deps, (tx) => publish(tx, deps, id, inside, clock.now()))
      if (result === 'unknown') return refuse(c, 'unknown_journey', null, id)
      if (result === 'no draft') return refuse(c, 'no_draft', null, id)
      if (!result.ok) return refuseProblems(c, result.problems)
      return c.json({ version: result.version, problems: result.problems, inside: result.inside })
    })
    .post('/:id/pause', async (c) => {
      const id = c.req.param('id')
      const paused = await changing(deps, (tx) => journeys.pause(tx, id, null, clock.now()))
      const found = await views.detailOf(id)
      if (!found) return refuse(c, 'unknown_journey', null, id)
      return paused ? c.json(found.view) : refuse(c, 'not_live', null, id, inWords(found.row.status))
    })
    .post('/:id/resume', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, resumption)
      if (!body.ok) return body.refusal
      const resumed = await changing(deps, (tx) => journeys.resume(tx, id, clock.now()))
      const found = await views.detailOf(id)
      if (!found) return refuse(c, 'unknown_journey', null, id)
      return resumed ? c.json(found.view) : refuse(c, 'not_paused', null, id, inWords(found.row.status))
    })
    .post('/:id/enter', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, admission)
      if (!body.ok) return body.refusal
      const { contact, properties = {} } = body.value
      const result = await turns.run((tx) => enter(tx, deps, id, contact, properties as JsonObject))
      switch (result.type) {
        case 'unknown journey':
          return refuse(c, 'unknown_journey', null, id)
        case 'not live':
          return refuse(c, 'not_live', null, id, inWords(result.status))
        case 'not startable':
          return refuse(c, 'not_startable', null, id)
        case 'unknown contact':
          return refuse(c, 'unknown_contact', '/contact', contact)
        case 'done':
          return c.json({ entered: result.entered, detail: result.detail })
      }
    })
}

function inWords(status: string): string {
  return status === 'draft' ? 'not published yet' : status
}

function refuseDraft(c: Context, id: string, fault: DraftFault) {
  switch (fault.fault) {
    case 'no_document':
      return refuse(c, 'no_document', '', fault.came)
    case 'other_id':
      return refuse(c, 'other_id', '/id', id, fault.came)
    case 'document_too_deep':
      return refuse(c, 'document_too_deep', '', MOST_LEVELS)
  }
}

function refuseProblems(c: Context, problems: readonly Problem[]) {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return refuseFaults(
    c,
    409,
    'has_problems',
    problems,
    first && `cannot be published: ${first.detail}${more}`,
  )
}

/** A change of the catalogue: what an undone transaction left in memory is read again. */
async function changing<Result>(
  { turns, journeys, database }: Deps,
  change: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  try {
    return await turns.run(change)
  } catch (error) {
    await journeys.reload(database.read)
    throw error
  }
}

async function publish(
  tx: Tx,
  { journeys, runtime }: Deps,
  id: string,
  inside: (typeof INSIDE)[number],
  now: number,
): Promise<Publication | 'unknown' | 'no draft'> {
  const row = await journeyRow(tx.db, id)
  const inText = row?.draft ? textProblems(row.draft) : []
  return inText.length > 0 ? { ok: false, problems: inText } : journeys.publish(tx, runtime, id, inside, now)
}

type Admission =
  | { readonly type: 'unknown journey' | 'not startable' | 'unknown contact' }
  | { readonly type: 'not live'; readonly status: string }
  | { readonly type: 'done'; readonly entered: boolean; readonly detail: string }

/** Puts a contact in by hand; whether the journey let it in, and why not, its trace says. */
async function enter(
  tx: Tx,
  deps: Deps,
  id: string,
  contactId: string,
  properties: JsonObject,
): Promise<Admission> {
  const row = await journeyRow(tx.db, id)
  if (!row) return { type: 'unknown journey' }
  if (row.status !== 'live' || row.version === null) return { type: 'not live', status: row.status }
  const on = deps.journeys.journey(id, row.version)?.on ?? {}
  if (!Object.hasOwn(on, 'journey.requested')) return { type: 'not startable' }
  const contact = await contactById(tx, contactId)
  if (!contact) return { type: 'unknown contact' }
  const at = deps.clock.now()
  await record(tx, deps.runtime, contact, {
    kind: 'enter',
    at,
    occurredAt: at,
    late: false,
    journey: id,
    properties,
  })
  return { type: 'done', ...outcome(await newestEntry(tx, contact.id), id) }
}

function outcome(entry: Awaited<ReturnType<typeof newestEntry>>, journey: string) {
  const trace = entry ? (JSON.parse(entry.trace) as readonly TraceLine[]) : []
  const line = trace.find(
    (line) => line.journey === journey && (line.what === 'entered' || line.what === 'notEntered'),
  )
  return { entered: line?.what === 'entered', detail: entry?.failed ?? line?.text ?? 'Not entered' }
}
