/** Whether the server lives, whether it takes calls, and its numbers: for load balancers and Prometheus. */
import { Hono } from 'hono'
import { setting } from '../store/settings.ts'
import type { Deps } from './deps.ts'
import { openMetrics, type Metrics } from './metrics.ts'
import { refuse } from './problem.ts'

export function healthRoutes(deps: Deps) {
  let metrics: Promise<Metrics> | undefined

  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      if (!deps.ready()) return refuse(c, 'not_ready', null)
      await setting(deps.database.read, 'initialised') // a lost database is an error
      return c.json({ status: 'ready' })
    })
    .get('/metrics', async (c) => {
      metrics ??= openMetrics(deps)
      const { text, contentType } = await metrics
      return c.text(await text(), 200, { 'Content-Type': contentType })
    })
}
