/** `/api/segments`: groups of contacts by a condition, and who is in them. */
import { Hono } from 'hono'
import { z } from 'zod'
import { formatInstant, inWords, nameFault, type Condition } from '../../engine/index.ts'
import { dropSegment, putSegment, usesOf } from '../runtime/segments.ts'
import { contactPage, type ContactPlace } from '../store/contactViews.ts'
import { segmentByName, segmentPage, type SegmentRow } from '../store/segments.ts'
import { readBody, something } from './body.ts'
import type { Deps } from './deps.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse, refuseFaults } from './problem.ts'
import { contactView } from './views.ts'

/** Few enough to be shown at once, unless asked otherwise. */
const ALL = 500

const segment = z.strictObject(
  { name: z.string('a name').optional(), when: something('a condition') },
  'an object with "when", a condition',
)

export function segmentRoutes({ database, turns, clock, journeys }: Deps) {
  const viewOf = ({ name, condition, contacts, created_at, updated_at }: SegmentRow) => {
    const when = JSON.parse(condition) as Condition
    return {
      name,
      when,
      inWords: inWords(when),
      contacts,
      // While everybody is looked at the number is on its way.
      counting: journeys.looking(),
      usedBy: usesOf(journeys.catalogue(), name),
      createdAt: formatInstant(created_at),
      updatedAt: formatInstant(updated_at),
    }
  }

  return new Hono()
    .get('/', async (c) => {
      const read = readPaging<readonly [string]>(c, ['string'], ALL)
      if (!read.ok) return read.refusal
      const { limit, after } = read.paging
      const rows = await segmentPage(database.read, after?.[0], limit + 1)
      return c.json(pageOf(rows, limit, ({ name }) => [name], viewOf))
    })
    .get('/:name', async (c) => {
      const name = c.req.param('name')
      const row = await segmentByName(database.read, name)
      return row ? c.json(viewOf(row)) : refuse(c, 'unknown_segment', null, name)
    })
    .put('/:name', async (c) => {
      const name = c.req.param('name')
      const body = await readBody(c, segment)
      if (!body.ok) return body.refusal
      if ((body.value.name ?? name) !== name)
        return refuse(c, 'other_id', '/name', name, body.value.name ?? '')
      const fault = nameFault(name)
      if (fault !== undefined)
        return refuseFaults(c, 422, 'invalid_segment', [
          { code: 'unexpected', path: '/name', detail: `expected ${fault}` },
        ])
      const saved = await turns.run((tx) => putSegment(tx, journeys, name, body.value.when, clock.now()), {
        catalogue: true,
      })
      if (!saved.ok) {
        const faults = saved.problems.map((problem) => ({ ...problem, path: `/when${problem.path}` }))
        return refuseFaults(c, 422, 'invalid_segment', faults)
      }
      const row = await segmentByName(database.read, name)
      return row ? c.json(viewOf(row), saved.isNew ? 201 : 200) : refuse(c, 'unknown_segment', null, name)
    })
    .delete('/:name', async (c) => {
      const name = c.req.param('name')
      const dropped = await turns.run((tx) => dropSegment(tx, journeys, name, clock.now()), {
        catalogue: true,
      })
      if (dropped === 'unknown') return refuse(c, 'unknown_segment', null, name)
      if (dropped === 'dropped') return c.body(null, 204)
      const users = [
        ...dropped.journeys.map((id) => `journey "${id}"`),
        ...dropped.segments.map((other) => `segment "${other}"`),
      ]
      return refuse(c, 'segment_in_use', null, name, users)
    })
    .get('/:name/contacts', async (c) => {
      const name = c.req.param('name')
      const read = readPaging<ContactPlace>(c, ['number', 'string'])
      if (!read.ok) return read.refusal
      if (!(await segmentByName(database.read, name))) return refuse(c, 'unknown_segment', null, name)
      const { limit, after } = read.paging
      const query = { words: [], email: undefined, segment: name }
      const rows = await contactPage(database.read, query, after, limit + 1)
      return c.json(pageOf(rows, limit, ({ created_at, id }) => [created_at, id], contactView))
    })
}
