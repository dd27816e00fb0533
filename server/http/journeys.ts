/** `/api/journeys`: what there is, drafts, and people put in by hand. What changes a journey's state is in `journeyChanges.ts`. */
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { MAX_JOURNEY_BYTES, type JsonObject, type TraceLine } from '../../engine/index.ts'
import {
  deleteJourney,
  draftFault,
  dropDraft,
  etagOf,
  MOST_LEVELS,
  putDraft,
  type DraftFault,
} from '../runtime/drafts.ts'
import { record } from '../runtime/process.ts'
import { contactById } from '../store/contacts.ts'
import type { Tx } from '../store/database.ts'
import { journeyRow, journeyRows } from '../store/journeys.ts'
import { newestEntry } from '../store/timeline.ts'
import { readBody, readText } from './body.ts'
import type { Deps } from './deps.ts'
import { expectedOf, refuseWriting } from './ifMatch.ts'
import { journeyChangeRoutes, statusInWords } from './journeyChanges.ts'
import { journeyVersionRoutes } from './journeyVersions.ts'
import { journeyViews } from './journeyViews.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse } from './problem.ts'

/** Few enough to be shown at once, unless asked otherwise. */
const ALL = 500

const CONTACT = 'the id of a contact'
const admission = z.strictObject(
  {
    contact: z.string(CONTACT).min(1, CONTACT).max(255, CONTACT),
    properties: z.record(z.string(), z.json(), 'an object with properties').optional(),
  },
  'an object with "contact", and perhaps "properties"',
)

export function journeyRoutes(deps: Deps) {
  const { database, turns, clock } = deps
  const views = journeyViews(deps)

  return new Hono()
    .route('/', journeyChangeRoutes(deps, views))
    .route('/', journeyVersionRoutes(deps, views))
    .get('/', async (c) => {
      const read = readPaging<readonly [string]>(c, ['string'], ALL)
      if (!read.ok) return read.refusal
      const { limit, after } = read.paging
      // Archived ones are shown when asked for, and then alone.
      const archived = (c.req.query('archived') ?? '') !== ''
      const rows = (await journeyRows(database.read)).filter(
        ({ id, status }) => id > (after?.[0] ?? '') && (status === 'archived') === archived,
      )
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
      const result = await turns.run((tx) => putDraft(tx, id, text, expectedOf(c), clock.now()))
      if (!result.saved) return refuseWriting(c, id, result)
      const found = await views.detailOf(id)
      if (!found) return refuse(c, 'unknown_journey', null, id)
      return c.json(found.view, result.isNew ? 201 : 200, { ETag: etagOf(found.row) })
    })
    .delete('/:id/draft', async (c) => {
      const id = c.req.param('id')
      const match = c.req.header('if-match')
      const result = await turns.run((tx) => dropDraft(tx, id, match, clock.now()))
      if (typeof result !== 'string') return refuseWriting(c, id, result)
      if (result !== 'dropped') return refuse(c, result, null, id)
      const found = await views.detailOf(id)
      if (!found) return refuse(c, 'unknown_journey', null, id)
      return c.json(found.view, 200, { ETag: etagOf(found.row) })
    })
    .delete('/:id', async (c) => {
      const id = c.req.param('id')
      const match = c.req.header('if-match')
      const result = await turns.run((tx) => deleteJourney(tx, id, match))
      if (typeof result !== 'string') return refuseWriting(c, id, result)
      return result === 'deleted' ? c.body(null, 204) : refuse(c, result, null, id)
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
          return refuse(c, 'not_live', null, id, statusInWords(result.status))
        case 'not startable':
          return refuse(c, 'not_startable', null, id)
        case 'unknown contact':
          return refuse(c, 'unknown_contact', '/contact', contact)
        case 'done':
          return c.json({ entered: result.entered, detail: result.detail })
      }
    })
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
