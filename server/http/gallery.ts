/** `/api/gallery`: the journeys that came with this version, to be copied as drafts, one or all. */
import { Hono } from 'hono'
import { z } from 'zod'
import { eventsNamed, ID, listsNamed, MAX_LABEL, templatesNamed } from '../../engine/index.ts'
import { copyShipped } from '../runtime/gallery.ts'
import { journeyRows } from '../store/journeys.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { refuse } from './problem.ts'

const ID_EXPECTED = 'an id for the new journey: a small letter, then letters, digits, "_" or "-", 64 at most'
const NAME = `a name of 1 to ${MAX_LABEL} characters`
const copy = z.strictObject(
  {
    id: z.string(ID_EXPECTED).regex(ID, ID_EXPECTED),
    name: z.string(NAME).min(1, NAME).max(MAX_LABEL, NAME).optional(),
  },
  'an object with "id", and perhaps "name"',
)

export function galleryRoutes({ shipped, database, turns, clock }: Deps) {
  return new Hono()
    .get('/', async (c) => {
      const taken = new Set((await journeyRows(database.read)).map(({ id }) => id))
      const items = shipped.journeys.map((journey) => ({
        id: journey.id,
        journey,
        exists: taken.has(journey.id),
        events: eventsNamed(journey),
        lists: listsNamed(journey),
        templates: templatesNamed(journey).map((name) => ({
          name,
          subject: shipped.templates[name]?.subject ?? name,
        })),
      }))
      return c.json({ items, next: null })
    })
    .post('/', async (c) => {
      const made = await turns.run(async (tx) => {
        const ids: string[] = []
        for (const journey of shipped.journeys)
          if (await copyShipped(tx, journey, shipped.templates, clock.now())) ids.push(journey.id)
        return ids
      })
      const skipped = shipped.journeys.map(({ id }) => id).filter((id) => !made.includes(id))
      return c.json({ made, skipped }, made.length > 0 ? 201 : 200)
    })
    .post('/:id', async (c) => {
      const original = shipped.journeys.find(({ id }) => id === c.req.param('id'))
      if (!original) return refuse(c, 'unknown_journey', null, c.req.param('id'))
      const body = await readBody(c, copy)
      if (!body.ok) return body.refusal
      const { id, name = original.meta.name } = body.value
      const journey = { ...original, id, meta: { ...original.meta, name } }
      const isNew = await turns.run((tx) => copyShipped(tx, journey, shipped.templates, clock.now()))
      return isNew ? c.json({ id }, 201) : refuse(c, 'id_taken', '/id', id)
    })
}
