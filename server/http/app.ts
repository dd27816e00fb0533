/** All routes together. */
import { Hono } from 'hono'
import { requireAdmin } from './auth.ts'
import { clockRoutes } from './clock.ts'
import { conditionRoutes } from './conditions.ts'
import { contactRoutes } from './contacts.ts'
import type { Deps } from './deps.ts'
import { galleryRoutes } from './gallery.ts'
import { healthRoutes } from './health.ts'
import { hookRoutes } from './hooks.ts'
import { ingestRoutes } from './ingest.ts'
import { journeyRoutes } from './journeys.ts'
import { listRoutes } from './lists.ts'
import { mailRoutes, smsRoutes } from './mail.ts'
import { mailboxRoutes } from './mailbox.ts'
import { messageRoutes } from './messages.ts'
import { DIST, pageRoutes } from './pages.ts'
import { onError, onNotFound, refuse } from './problem.ts'
import { problemRoutes } from './problems.ts'
import { brakeRoutes, sendingRoutes } from './sending.ts'
import { segmentRoutes } from './segments.ts'
import { sessionRoutes } from './session.ts'
import { sourceRoutes } from './sources.ts'
import { statusRoutes } from './status.ts'
import { templateRoutes } from './templates.ts'
import { trackingRoutes, unsubscribeRoutes } from './tracking.ts'
import { vocabularyRoutes } from './vocabulary.ts'
import { webhookSecretRoutes } from './webhookSecret.ts'

export type App = ReturnType<typeof createApp>

/** The app; `dist` is where the built page is. */
export function createApp(deps: Deps, dist = DIST) {
  const app = new Hono()
    .route('/v1', ingestRoutes(deps))
    .route('/hooks', hookRoutes(deps))
    .route('/t', trackingRoutes(deps))
    .route('/u', unsubscribeRoutes(deps))
    .route('/api', adminRoutes(deps))
    .route('/', healthRoutes(deps))
    .route('/', pageRoutes(dist))
  app.notFound(onNotFound)
  app.onError(onError(deps))
  return app
}

/** What people and their programs read and change; only signing in is open to everybody. */
function adminRoutes(deps: Deps) {
  return new Hono()
    .use(async (c, next) => {
      if (!deps.ready()) return refuse(c, 'not_ready', null)
      c.header('Cache-Control', 'no-store')
      c.header('X-Content-Type-Options', 'nosniff')
      return next()
    })
    .route('/session', sessionRoutes(deps))
    .use(requireAdmin(deps))
    .route('/status', statusRoutes(deps))
    .route('/contacts', contactRoutes(deps))
    .route('/journeys', journeyRoutes(deps))
    .route('/gallery', galleryRoutes(deps))
    .route('/lists', listRoutes(deps))
    .route('/templates', templateRoutes(deps))
    .route('/mail', mailRoutes(deps))
    .route('/sms', smsRoutes(deps))
    .route('/mailbox', mailboxRoutes(deps))
    .route('/messages', messageRoutes(deps))
    .route('/sending', sendingRoutes(deps))
    .route('/brakes', brakeRoutes(deps))
    .route('/problems', problemRoutes(deps))
    .route('/segments', segmentRoutes(deps))
    .route('/conditions', conditionRoutes(deps))
    .route('/vocabulary', vocabularyRoutes(deps))
    .route('/sources', sourceRoutes(deps))
    .route('/webhook-secret', webhookSecretRoutes(deps))
    .route('/clock', clockRoutes(deps))
}
