/**
 * Whether a webhook comes from whom it should: the signatures that systems put on theirs, each made with a secret that
 * only they and we know. Compared in constant time. Pure: `now` is given.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export const AUTH_TYPES = ['standard', 'stripe', 'shopify', 'github', 'bearer'] as const
export type AuthType = (typeof AUTH_TYPES)[number]

/** A call as it came: the body unpacked, and its headers by name in small letters. */
export interface Delivery {
  readonly body: Uint8Array
  readonly header: (name: string) => string | undefined
}

/**
 * `id` names the call and comes again with a repetition, `signedAt` is the sender's clock when it was sent: both are
 * covered by the signature. `missing` names the header that is not there, or not readable.
 */
export type Authenticity =
  | { readonly ok: true; readonly id?: string; readonly signedAt?: number }
  | { readonly ok: false; readonly fault: 'missing'; readonly header: string }
  | { readonly ok: false; readonly fault: 'stale' | 'forged' }

/** How far the sender's clock may be from ours (as in the Standard Webhooks and Stripe's own libraries). */
const TOLERANCE = 5 * 60_000

interface Scheme {
  readonly check: (secret: string, delivery: Delivery, now: number) => Authenticity
  /** Makes a secret, where the receiver chooses it; absent where the sender gives it out. */
  readonly make?: () => string
  /** What a secret looks like. */
  readonly expected: string
  readonly fits: (secret: string) => boolean
}

const ANY_SECRET = {
  expected: 'the secret that the other system shows, of 8 to 500 characters',
  fits: (secret: string) => secret.length >= 8 && secret.length <= 500,
}

const SCHEMES: { readonly [type in AuthType]: Scheme } = {
  /** https://www.standardwebhooks.com: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64> …`. */
  standard: {
    check: (secret, delivery, now) => {
      const id = delivery.header('webhook-id')
      const seconds = delivery.header('webhook-timestamp')
      const signatures = delivery.header('webhook-signature')
      if (!id) return missing('webhook-id')
      if (!seconds || !SECONDS.test(seconds)) return missing('webhook-timestamp')
      if (!signatures) return missing('webhook-signature')
      const expected = hmac(keyOf(secret), `${id}.${seconds}.`, delivery.body)
      const given = signatures.split(' ').map((part) => bytesOf(part, /^v1,(.+)$/, 'base64'))
      return judged(given, expected, { id, seconds, now })
    },
    make: () => `whsec_${randomBytes(32).toString('base64')}`,
    expected: '"whsec_" and 24 to 64 bytes in base64',
    fits: (secret) => {
      const length = /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret) ? keyOf(secret).length : 0
      return length >= 24 && length <= 64
    },
  },
  /** https://docs.stripe.com/webhooks/signature: `Stripe-Signature: t=<seconds>,v1=<hex>,…`. */
  stripe: {
    check: (secret, delivery, now) => {
      const parts = delivery.header('stripe-signature')?.split(',') ?? []
      const seconds = parts.find((part) => part.startsWith('t='))?.slice(2) ?? ''
      if (!SECONDS.test(seconds)) return missing('Stripe-Signature')
      const expected = hmac(secret, `${seconds}.`, delivery.body)
      const given = parts.map((part) => bytesOf(part, /^v1=(.+)$/, 'hex'))
      return judged(given, expected, { seconds, now })
    },
    ...ANY_SECRET,
  },
  /** Base64 of the body alone: nothing says when it was signed. */
  shopify: {
    check: (secret, delivery) => {
      const signature = delivery.header('x-shopify-hmac-sha256')
      if (!signature) return missing('X-Shopify-Hmac-Sha256')
      return judged([bytesOf(signature, /^(.+)$/, 'base64')], hmac(secret, '', delivery.body))
    },
    ...ANY_SECRET,
  },
  /** `X-Hub-Signature-256: sha256=<hex>` of the body alone; many others do as GitHub does. */
  github: {
    check: (secret, delivery) => {
      const signature = delivery.header('x-hub-signature-256')
      if (!signature) return missing('X-Hub-Signature-256')
      return judged([bytesOf(signature, /^sha256=(.+)$/, 'hex')], hmac(secret, '', delivery.body))
    },
    make: () => randomBytes(32).toString('hex'),
    ...ANY_SECRET,
  },
  /** Whoever knows the token: what is stored is its hash. */
  bearer: {
    check: (hash, delivery) => {
      const token = /^bearer +(.+)$/i.exec(delivery.header('authorization') ?? '')?.[1]
      if (token === undefined) return missing('Authorization: Bearer <token>')
      return same(Buffer.from(hashOf(token.trim())), Buffer.from(hash))
        ? { ok: true }
        : { ok: false, fault: 'forged' }
    },
    make: () => `tms_${randomBytes(32).toString('base64url')}`,
    expected: 'a token of 16 to 500 printable ASCII characters without blanks',
    fits: (secret) => /^[!-~]{16,500}$/.test(secret),
  },
}

/** Whether the call was made by someone who knows the secret, and lately. */
export function authenticityOf(
  type: AuthType,
  stored: string,
  delivery: Delivery,
  now: number,
): Authenticity {
  const found = SCHEMES[type].check(stored, delivery, now)
  // What is signed and has no name of its own is known by its bytes: the same ones again are a repetition.
  return found.ok && found.id === undefined && type !== 'bearer'
    ? { ...found, id: `sha256:${hashOf(delivery.body)}` }
    : found
}

/** A new secret for this kind; undefined where the other system gives it out. */
export function newSecret(type: AuthType): string | undefined {
  return SCHEMES[type].make?.()
}

/** What this kind's secret should look like, where this one does not. */
export function secretFault(type: AuthType, secret: string): string | undefined {
  return SCHEMES[type].fits(secret) ? undefined : SCHEMES[type].expected
}

/** What is kept of a secret. */
export function storedSecret(type: AuthType, secret: string): string {
  return type === 'bearer' ? hashOf(secret) : secret
}

const SECONDS = /^\d{1,12}$/

function missing(header: string): Authenticity {
  return { ok: false, fault: 'missing', header }
}

/** Forged before stale: whoever does not know the secret learns nothing of the clock. */
function judged(
  given: readonly (Buffer | undefined)[],
  expected: Buffer,
  signed?: { readonly id?: string; readonly seconds: string; readonly now: number },
): Authenticity {
  if (!given.some((signature) => signature !== undefined && same(signature, expected)))
    return { ok: false, fault: 'forged' }
  if (!signed) return { ok: true }
  const signedAt = Number(signed.seconds) * 1000
  if (Math.abs(signed.now - signedAt) > TOLERANCE) return { ok: false, fault: 'stale' }
  return { ok: true, signedAt, ...(signed.id !== undefined && { id: shortened(signed.id) }) }
}

/** Few are longer than a name may be; those are known by their hash. */
function shortened(id: string): string {
  return id.length > 200 ? `sha256:${hashOf(id)}` : id
}

function hmac(key: string | Buffer, before: string, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(before).update(body).digest()
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice('whsec_'.length), 'base64')
}

function bytesOf(text: string, form: RegExp, encoding: 'hex' | 'base64'): Buffer | undefined {
  const written = form.exec(text.trim())?.[1]
  return written === undefined ? undefined : Buffer.from(written, encoding)
}

function same(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
