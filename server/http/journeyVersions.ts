/** `/api/journeys/:id/versions`: what was published when and by whom, what it changed, and back to an earlier one as a draft. */
import { Hono } from 'hono'
import { z } from 'zod'
import { formatInstant, type Journey } from '../../engine/index.ts'
import { etagOf, putDraft } from '../runtime/drafts.ts'
import { versionChanges } from '../runtime/versionChanges.ts'
import { journeyRow, versionOf, versionPage } from '../store/journeys.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { expectedOf, refuseWriting } from './ifMatch.ts'
import type { JourneyViews } from './journeyViews.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse } from './problem.ts'

const restoration = z.strictObject({ version: z.int('the number of a version') }, 'an object with "version"')

export function journeyVersionRoutes({ database, turns, clock }: Deps, views: JourneyViews) {
  return new Hono()
    .get('/:id/versions', async (c) => {
      const id = c.req.param('id')
      const read = readPaging<readonly [number]>(c, ['number'])
      if (!read.ok) return read.refusal
      const row = await journeyRow(database.read, id)
      if (!row) return refuse(c, 'unknown_journey', null, id)
      const { limit, after } = read.paging
      const rows = await versionPage(database.read, id, after?.[0], limit + 1)
      const documents = new Map(
        rows.map(({ version, document }) => [version, JSON.parse(document) as Journey]),
      )
      const { items, next } = pageOf(
        rows,
        limit,
        ({ version }) => [version],
        (item) => item,
      )
      const shown = items.map(async ({ version, document, replaces, ...published }) => {
        const before =
          replaces === null
            ? undefined
            : (documents.get(replaces) ?? (await versionOf(database.read, id, replaces))?.journey)
        return {
          version,
          at: formatInstant(published.published_at),
          by: published.published_by ?? 'by hand',
          current: version === row.version,
          replaces,
          takenBackAt: published.taken_back_at === null ? null : formatInstant(published.taken_back_at),
          changes: versionChanges(before, JSON.parse(document) as Journey),
        }
      })
      return c.json({ items: await Promise.all(shown), next })
    })
    .get('/:id/versions/:version{[0-9]+}', async (c) => {
      const [id, version] = [c.req.param('id'), Number(c.req.param('version'))]
      const found = await versionOf(database.read, id, version)
      return found ? c.json(found.journey) : refuse(c, 'unknown_version', null, version)
    })
    .post('/:id/restore', async (c) => {
      const id = c.req.param('id')
      const body = await readBody(c, restoration)
      if (!body.ok) return body.refusal
      const { version } = body.value
      const known = await versionOf(database.read, id, version)
      if (!known) return refuse(c, 'unknown_version', '/version', version)
      const text = JSON.stringify(known.journey)
      const result = await turns.run((tx) => putDraft(tx, id, text, expectedOf(c), clock.now()))
      if (!result.saved) return refuseWriting(c, id, result)
      const found = await views.detailOf(id)
      if (!found) return refuse(c, 'unknown_journey', null, id)
      return c.json(found.view, 200, { ETag: etagOf(found.row) })
    })
}
