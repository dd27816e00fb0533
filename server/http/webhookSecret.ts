/** `/api/webhook-secret`: by what receivers of our webhooks know that a call is ours (Standard Webhooks). */
import { Hono } from 'hono'
import type { Deps } from './deps.ts'

export function webhookSecretRoutes({ webhookSecret }: Deps) {
  return new Hono().get('/', (c) => c.json({ secret: webhookSecret }))
}
