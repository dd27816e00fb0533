/**
 * Signed tokens: what the links in a message carry. A token names the message, what it is for and, for a click, the
 * link's number; the address itself stands in our table, so no token can be made to lead elsewhere (no open redirect).
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a token is good for, and nothing else: a click token does not unsubscribe. The order is the wire format. */
export const TOKEN_KINDS = ['open', 'click', 'trap', 'unsubscribe', 'report'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

export type Token =
  | { readonly kind: 'click'; readonly message: string; readonly link: number }
  | { readonly kind: Exclude<TokenKind, 'click'>; readonly message: string }

/** Of the database, made once: what is signed by one installation means nothing to another. */
export type Secret = string | Uint8Array

const VERSION = 1
/** Version, kind, link number. */
const HEAD = 4
/** Half of SHA-256, as short as RFC 2104 section 5 allows: links stay readable in plain text. */
const MAC = 16
const MOST_LINKS = 0xffff

/**
 * Makes the token: base64url (RFC 4648 section 5) of version, kind, link number, message id and MAC. The same input
 * gives the same token.
 */
export function encodeToken(token: Token, secret: Secret): string {
  const link = token.kind === 'click' ? token.link : 0
  if (!Number.isInteger(link) || link < 0 || link > MOST_LINKS) throw new Error(`no link number: ${link}`)
  const head = Buffer.from([VERSION, TOKEN_KINDS.indexOf(token.kind), link >> 8, link & 0xff])
  const signed = Buffer.concat([head, Buffer.from(token.message, 'utf8')])
  return Buffer.concat([signed, mac('token', signed, secret)]).toString('base64url')
}

/** Reads a token that this secret signed; undefined for anything else. Never throws, whatever comes. */
export function decodeToken(text: string, secret: Secret): Token | undefined {
  if (text.length > 600) return undefined
  const bytes = Buffer.from(text, 'base64url')
  // Buffer.from skips what is no base64url: only the one way of writing these bytes counts.
  if (bytes.length <= HEAD + MAC || bytes.toString('base64url') !== text) return undefined
  const signed = bytes.subarray(0, -MAC)
  if (!timingSafeEqual(mac('token', signed, secret), bytes.subarray(-MAC))) return undefined
  const [version, kindNumber, high, low] = signed as unknown as readonly [number, number, number, number]
  const kind = TOKEN_KINDS[kindNumber]
  if (version !== VERSION || kind === undefined) return undefined
  const message = signed.subarray(HEAD).toString('utf8')
  return kind === 'click' ? { kind, message, link: high * 256 + low } : { kind, message }
}

/**
 * The Message-ID header (RFC 5322 section 3.6.4): the same on every attempt, so that a message that arrived twice is
 * seen as one. Readable in mail logs, and with a part of our secret: a database begun anew counts its messages anew,
 * and its ids must not meet those of the old one in somebody's mailbox.
 *
 *     messageIdHeader('1042.1/welcome/1', 'https://go.acme.eu', secret) // <1042.1.welcome.1.5f0c…@go.acme.eu>
 */
export function messageIdHeader(message: string, baseUrl: string, secret: Secret): string {
  const signature = mac('message-id', Buffer.from(message, 'utf8'), secret).toString('hex')
  // Enrollment, step and visit are letters, digits, ".", "_" and "-": with dots between them, a dot-atom.
  return `<${message.replaceAll('/', '.')}.${signature.slice(0, 16)}@${new URL(baseUrl).hostname}>`
}

/**
 * The `webhook-id` of a call (Standard Webhooks): the same on every attempt. With a part of our secret for the reason
 * above, and without full stops, which part the fields that are signed.
 *
 *     webhookId('1042.1/welcome/1', secret) // 1042-1_welcome_1_5f0c…
 */
export function webhookId(message: string, secret: Secret): string {
  const signature = mac('webhook-id', Buffer.from(message, 'utf8'), secret).toString('hex')
  return `${message.replaceAll('/', '_').replaceAll('.', '-')}_${signature.slice(0, 16)}`
}

/** HMAC-SHA256 (RFC 2104), cut; the purpose goes in first, so that one use of the secret never serves as another. */
function mac(purpose: 'token' | 'message-id' | 'webhook-id', signed: Uint8Array, secret: Secret): Buffer {
  return createHmac('sha256', secret).update(`tidemark ${purpose}\0`).update(signed).digest().subarray(0, MAC)
}
