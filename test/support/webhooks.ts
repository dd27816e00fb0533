// Webhooks of real shops, signed as their documentation tells, by code that shares nothing with what is tested. Their
// shapes are those of Stripe's and Shopify's published examples.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The body of an example, byte by byte as it would come. */
export function example(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures/webhooks', `${name}.json`), 'utf8')
}

export function stripeSigned(secret: string, body: string, at = Date.now()) {
  const seconds = Math.floor(at / 1000)
  const hex = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'Stripe-Signature': `t=${seconds},v1=${hex},v0=${'0'.repeat(64)}` }
}

export function shopifySigned(secret: string, body: string) {
  return {
    'X-Shopify-Topic': 'orders/create',
    'X-Shopify-Hmac-Sha256': createHmac('sha256', secret).update(body, 'utf8').digest('base64'),
  }
}

export function githubSigned(secret: string, body: string) {
  return { 'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}
