/** `/api/journeys/:id/…`: what publishing would do, publishing and taking it back, pausing, stopping, putting away. */
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { inPoints, parseDuration, type Problem } from '../../engine/index.ts'
import { etagOf } from '../runtime/drafts.ts'
import { begin } from '../runtime/inside.ts'
import { OVERDUE, type Refused } from '../runtime/lifecycle.ts'
import { overdueOf, settleOverdue } from '../runtime/overdue.ts'
import { previewOf } from '../runtime/preview/preview.ts'
import { INSIDE, type Choices, type NotReady } from '../runtime/publication.ts'
import type { Change } from '../runtime/states.ts'
import type { Tx } from '../store/database.ts'
import { countHeld } from '../store/heldEntries.ts'
import { journeyRow } from '../store/journeys.ts'
import { askedBy } from './auth.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import type { JourneyViews } from './journeyViews.ts'
import { refuse, refuseFaults } from './problem.ts'

/** As long as anybody may think it over: nothing of the version goes out meanwhile. */
const LONGEST_UNDO = 10 * 60_000
const UNDO = 'a duration of at most 10 minutes, such as "PT60S"'

const choices = z.strictObject(
  {
    inside: z.enum(INSIDE, `one of ${INSIDE.join(', ')}`).default('stay'),
    letIn: z.boolean('true or false').default(false),
    undo: z
      .string(UNDO)
      .refine((text) => undoOf(text) > 0 && undoOf(text) <= LONGEST_UNDO, UNDO)
      .optional(),
  },
  'an object with "inside"',
)
const takingBack = z.strictObject({ version: z.int('the number of the version') }, 'an object with "version"')
const resumption = z.strictObject(
  { overdue: z.enum(OVERDUE, `one of ${OVERDUE.join(', ')}`).default('send') },
  'an object with "overdue", or none',
)
const stopping = z.strictObject(
  { inside: z.enum(['finish', 'leave'], '"finish" or "leave"').default('finish') },
  'an object with "inside", or none',
)
const archiving = z.strictObject(
  { inside: z.literal('leave', '"leave": those inside leave').optional() },
  'an object with "inside", or none',
)

/** Milliseconds; 0 for what is no duration of hours, minutes and seconds. */
function undoOf(text: string): number {
  const duration = parseDuration(text)
  if (!duration) return 0
  const { years, months, weeks, days, milliseconds } = duration
  return years + months + weeks + days === 0 ? milliseconds : 0
}

export function journeyChangeRoutes(deps: Deps, views: JourneyViews) {
  const { journeys, clock } = deps
  const answered = async (
    c: Context,
    change: Change,
    id: string,
    result: { readonly ok: true } | Refused,
  ) => {
    const found = await views.detailOf(id)
    if (!found) return refuse(c, 'unknown_journey', null, id)
    if (typeof result === 'string') return refuseChange(c, change, id, found.row.status, result)
    await begin(deps, id, clock.now)
    return c.json(found.view)
  }

  return new Hono()
    .post('/:id/preview', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, choices)
      if (!body.ok) return body.refusal
      const { inside, letIn } = body.value
      const preview = await previewOf(deps, id, { inside, letIn }, clock.now())
      if (typeof preview === 'string') return refuseDraft(c, id, preview)
      return c.json({ ...preview, sender: senderOf(deps.config) }, 200, { ETag: `"${preview.revision}"` })
    })
    .post('/:id/publish', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, choices)
      if (!body.ok) return body.refusal
      const { inside, letIn, undo } = body.value
      const by = await askedBy(deps, c)
      const draft = c.req.header('if-match')
      const chosen: Choices = { inside, letIn, by, undo: undo === undefined ? 0 : undoOf(undo), draft }
      const result = await changing(deps, (tx) => journeys.publish(tx, id, chosen, clock.now()))
      if (result === 'changed_meanwhile') {
        const row = await journeyRow(deps.database.read, id)
        return refuse(c, result, null, row ? etagOf(row) : 'none', draft ?? '')
      }
      if (typeof result === 'string') return refuseDraft(c, id, result)
      if (!result.ok) return refuseProblems(c, result.problems)
      await begin(deps, id, clock.now)
      return c.json({ version: result.version, problems: result.problems, inside: result.inside })
    })
    .post('/:id/unpublish', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, takingBack)
      if (!body.ok) return body.refusal
      const { version } = body.value
      const result = await changing(deps, (tx) => journeys.unpublish(tx, id, version, clock.now()))
      if (result === 'unknown_journey') return refuse(c, 'unknown_journey', null, id)
      if (typeof result === 'string') return refuse(c, result, '/version', version)
      await begin(deps, id, clock.now)
      const { ok: _, points, ...said } = result
      return c.json({ ...said, points: points.map((given) => ({ ...given, by: inPoints(given.by) })) })
    })
    .post('/:id/pause', async (c) => {
      const id = c.req.param('id')
      const paused = await changing(deps, (tx) => journeys.pause(tx, id, null, clock.now()))
      return answered(c, 'pause', id, paused ? { ok: true } : 'not_allowed')
    })
    .get('/:id/overdue', async (c) => {
      const id = c.req.param('id')
      if (!(await journeyRow(deps.database.read, id))) return refuse(c, 'unknown_journey', null, id)
      const entries = await countHeld(deps.database.read, id)
      return c.json({ ...(await overdueOf(deps, id, clock.now())), entries })
    })
    .post('/:id/resume', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, resumption)
      if (!body.ok) return body.refusal
      const { overdue: choice } = body.value
      const now = clock.now()
      const overdue = await overdueOf(deps, id, now)
      await settleOverdue(deps, id, choice, now)
      const result = await changing(deps, (tx) => journeys.resume(tx, id, now, choice))
      const found = await views.detailOf(id)
      if (!found) return refuse(c, 'unknown_journey', null, id)
      if (typeof result === 'string') return refuseChange(c, 'resume', id, found.row.status, result)
      return c.json({ ...found.view, overdue: { ...overdue, entries: result.entries } })
    })
    .post('/:id/stop', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, stopping)
      if (!body.ok) return body.refusal
      const { inside } = body.value
      const result = await changing(deps, (tx) => journeys.stop(tx, id, inside, clock.now()))
      return answered(c, 'stop', id, result)
    })
    .post('/:id/archive', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, archiving)
      if (!body.ok) return body.refusal
      const leave = body.value.inside === 'leave'
      const result = await changing(deps, (tx) => journeys.archive(tx, id, leave, clock.now()))
      return answered(c, 'archive', id, result)
    })
    .post('/:id/unarchive', async (c) => {
      const id = c.req.param('id')
      const result = await changing(deps, (tx) => journeys.unarchive(tx, id, clock.now()))
      return answered(c, 'unarchive', id, result)
    })
}

/** In whose name messages go out. */
function senderOf({ mailFrom, companyName, companyAddress, sms }: Deps['config']) {
  return { mail: mailFrom, sms: sms?.from ?? null, company: companyName, address: companyAddress }
}

/** A change of the catalogue: all processes know of it before they decide anything else. */
function changing<Result>({ turns }: Deps, change: (tx: Tx) => Promise<Result>): Promise<Result> {
  return turns.run(change, { catalogue: true })
}

const NOT_ALLOWED = {
  publish: 'is_archived',
  pause: 'not_live',
  resume: 'not_paused',
  stop: 'not_running',
  archive: 'is_archived',
  unarchive: 'not_archived',
} as const satisfies { readonly [change in Change]: string }

function refuseChange(c: Context, change: Change, id: string, status: string, why: Refused) {
  switch (why) {
    case 'unknown_journey':
      return refuse(c, 'unknown_journey', null, id)
    case 'not_allowed':
      return refuse(c, NOT_ALLOWED[change], null, id, statusInWords(status))
    case 'still_inside':
    case 'paused_inside':
      return refuse(c, why, '/inside', id)
  }
}

export function statusInWords(status: string): string {
  return status === 'draft' ? 'not published yet' : status
}

function refuseDraft(c: Context, id: string, why: NotReady) {
  return why === 'is_archived' ? refuse(c, why, null, id, 'archived') : refuse(c, why, null, id)
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
