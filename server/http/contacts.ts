/** `/api/contacts`: who there is, what their scores are made of, what happened to them; and changes by hand. */
import { Hono } from 'hono'
import { z } from 'zod'
import {
  ATTRIBUTE_NAME,
  CONSENT_STATUSES,
  inPoints,
  PURPOSES,
  type Contact,
  type Enrollment,
  type Happens,
} from '../../engine/index.ts'
import { record } from '../runtime/process.ts'
import { contactById, contactOf, eraseContact } from '../store/contacts.ts'
import { contactPage, contactRow, passagesOf, type ContactPlace } from '../store/contactViews.ts'
import { versionOf } from '../store/journeys.ts'
import { subjectsOf } from '../store/messageViews.ts'
import type { ContactsTable } from '../store/schema.ts'
import { scorePage, type LinePlace } from '../store/scoreHistory.ts'
import { timelinePage } from '../store/timeline.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { pageOf, readPaging, type Paging } from './page.ts'
import { refuse } from './problem.ts'
import { contactView, entryOf, happeningView, lineView, passageView } from './views.ts'

/** More passages than anyone reads; all live ones come first. */
const MOST_PASSAGES = 200
const LONGEST_SEARCH = 255

const POINTS = 'a number of at most 1,000,000,000 with at most two decimals'
const points = z
  .number(POINTS)
  .min(-1e9, POINTS)
  .max(1e9, POINTS)
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, POINTS)
const REASON = 'a reason, for whoever reads the history later, of 1 to 500 characters'
const reason = z.string(REASON).trim().min(1, REASON).max(500, REASON)
const SCORE_NAME = 'the name of a score in capitals, such as "SCORE"'

const scoreChange = z
  .strictObject(
    {
      attribute: z.string(SCORE_NAME).regex(ATTRIBUTE_NAME, SCORE_NAME).default('SCORE'),
      by: points.optional(),
      set: points.optional(),
      reason,
    },
    'an object with "by" or "set", and "reason"',
  )
  .refine(({ by, set }) => (by === undefined) !== (set === undefined), 'exactly one of "by" and "set"')

const consentChange = z.strictObject(
  {
    purpose: z.enum(PURPOSES, `one of ${PURPOSES.join(', ')}`),
    status: z.enum(CONSENT_STATUSES, `one of ${CONSENT_STATUSES.join(', ')}`),
    reason,
  },
  'an object with "purpose", "status" and "reason"',
)

export function contactRoutes(deps: Deps) {
  const { database, turns } = deps

  return new Hono()
    .get('/', async (c) => {
      const read = readPaging<ContactPlace>(c, ['number', 'string'])
      if (!read.ok) return read.refusal
      const search = c.req.query('search')?.trim().toLowerCase() ?? ''
      if (search.length > LONGEST_SEARCH)
        return refuse(c, 'invalid_query', '/search', `at most ${LONGEST_SEARCH} characters`, search)
      const words = search.split(/\s+/).filter((word) => word !== '')
      const email = c.req.query('email')?.trim().toLowerCase()
      const query = { words, email, list: c.req.query('list') || undefined }
      const { limit, after } = read.paging
      const rows = await contactPage(database.read, query, after, limit + 1)
      return c.json(pageOf(rows, limit, placeOf, contactView))
    })
    .get('/:id', async (c) => {
      const row = await contactRow(database.read, c.req.param('id'))
      if (!row) return refuse(c, 'unknown_contact', null, c.req.param('id'))
      return c.json({ ...contactView(row), passages: await passages(deps, row.id) })
    })
    .delete('/:id', async (c) => {
      const erased = await turns.run(async (tx) => {
        const contact = await contactById(tx, c.req.param('id'))
        if (contact) await eraseContact(tx, contact.id)
        return contact !== undefined
      })
      return erased ? c.body(null, 204) : refuse(c, 'unknown_contact', null, c.req.param('id'))
    })
    .get('/:id/score', async (c) => {
      const read = readPaging<LinePlace>(c, ['number', 'number', 'string'])
      if (!read.ok) return read.refusal
      const row = await contactRow(database.read, c.req.param('id'))
      if (!row) return refuse(c, 'unknown_contact', null, c.req.param('id'))
      return c.json(await scoreView(deps, row, c.req.query('attribute') || undefined, read.paging))
    })
    .post('/:id/score', async (c) => {
      const body = await readBody(c, scoreChange)
      if (!body.ok) return body.refusal
      const { attribute, by, set, reason } = body.value
      const change = by === undefined ? { set: set ?? 0 } : { by }
      const changed = await byHand(deps, c.req.param('id'), (contact, common) => {
        const scores = scoresOf(deps, contact)
        return scores.includes(attribute)
          ? { entry: { ...common, kind: 'score', attribute, change, reason } }
          : { refusal: scores }
      })
      if (!changed) return refuse(c, 'unknown_contact', null, c.req.param('id'))
      if ('refusal' in changed) return refuse(c, 'no_score', '/attribute', attribute, changed.refusal)
      const row = await contactRow(database.read, changed.contact)
      if (!row) return refuse(c, 'unknown_contact', null, c.req.param('id'))
      return c.json(await scoreView(deps, row, attribute, { limit: 50, after: undefined }))
    })
    .get('/:id/timeline', async (c) => {
      const read = readPaging<readonly [number]>(c, ['number'])
      if (!read.ok) return read.refusal
      const row = await contactRow(database.read, c.req.param('id'))
      if (!row) return refuse(c, 'unknown_contact', null, c.req.param('id'))
      const { limit, after } = read.paging
      const rows = await timelinePage(database.read, row.id, after?.[0], limit + 1)
      const messages = rows.map(entryOf).flatMap((entry) => (entry.kind === 'message' ? [entry.message] : []))
      const subjects = await subjectsOf(database.read, messages)
      return c.json(
        pageOf(
          rows,
          limit,
          ({ seq }) => [seq],
          (row) => happeningView(row, subjects),
        ),
      )
    })
    .post('/:id/consent', async (c) => {
      const body = await readBody(c, consentChange)
      if (!body.ok) return body.refusal
      const { purpose, status, reason } = body.value
      const changed = await byHand(deps, c.req.param('id'), (contact, common) =>
        contact.consent[purpose].status === 'unsubscribed' && status !== 'unsubscribed'
          ? { refusal: purpose }
          : { entry: { ...common, kind: 'consent', purpose, status, reason } },
      )
      if (!changed) return refuse(c, 'unknown_contact', null, c.req.param('id'))
      if ('refusal' in changed) return refuse(c, 'has_unsubscribed', '/status', changed.refusal)
      const row = await contactRow(database.read, changed.contact)
      return row ? c.json(contactView(row)) : refuse(c, 'unknown_contact', null, c.req.param('id'))
    })
}

function placeOf({ created_at, id }: ContactsTable): ContactPlace {
  return [created_at, id]
}

/** Names of the scores there are: what journeys count in, and what this contact has. */
function scoresOf({ runtime }: Deps, { scores }: Contact): readonly string[] {
  return [...new Set([...runtime.catalogue().scores, ...Object.keys(scores)])]
}

async function scoreView(
  { database }: Deps,
  row: ContactsTable,
  attribute: string | undefined,
  paging: Paging<LinePlace>,
) {
  const { limit, after } = paging
  const lines = await scorePage(database.read, row.id, attribute, after, limit + 1)
  const { items, next } = pageOf(lines, limit, ({ seq, id }) => [seq, id.length, id], lineView)
  return { score: inPoints(contactOf(row).scores[attribute ?? 'SCORE'] ?? 0), entries: items, next }
}

async function passages({ database, journeys }: Deps, contactId: string) {
  const rows = await passagesOf(database.read, contactId, MOST_PASSAGES)
  const gone = new Map<string, ReturnType<typeof journeys.journey>>()
  const views = []
  for (const { version, state } of rows) {
    const enrollment = JSON.parse(state) as Enrollment
    const key = `${version}@${enrollment.journey}`
    const live = journeys.journey(enrollment.journey, version)
    // A version that nobody is inside any more is not kept in memory.
    if (!live && !gone.has(key))
      gone.set(key, (await versionOf(database.read, enrollment.journey, version))?.journey)
    views.push(passageView(enrollment, live ?? gone.get(key)))
  }
  return views
}

/**
 * A change that a person makes: decided on the contact as it is inside the transaction. Answers the contact's id, what
 * `decide` refused it for, or undefined for an unknown contact.
 */
function byHand<Refusal>(
  { turns, runtime, clock }: Deps,
  id: string,
  decide: (
    contact: Contact,
    common: { at: number; occurredAt: number; late: false },
  ) => { readonly entry: Happens } | { readonly refusal: Refusal },
): Promise<{ readonly contact: string } | { readonly refusal: Refusal } | undefined> {
  return turns.run(async (tx) => {
    const contact = await contactById(tx, id)
    if (!contact) return undefined
    const at = clock.now()
    const decision = decide(contact, { at, occurredAt: at, late: false })
    if ('refusal' in decision) return decision
    await record(tx, runtime, contact, decision.entry)
    return { contact: contact.id }
  })
}
