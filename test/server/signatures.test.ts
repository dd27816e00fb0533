// Who may say that a webhook is theirs: checked against the authors' own library and against the published schemes.
import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import {
  AUTH_TYPES,
  authenticityOf,
  newSecret,
  secretFault,
  storedSecret,
  type AuthType,
  type Authenticity,
} from '../../server/ingest/signatures.ts'
import { githubSigned, shopifySigned, stripeSigned } from '../support/webhooks.ts'

const NOW = Date.UTC(2026, 4, 4, 12)
const MINUTE = 60_000

function judge(
  type: AuthType,
  stored: string,
  body: string,
  headers: { readonly [name: string]: string },
  now = NOW,
): Authenticity {
  const given = new Headers(headers)
  const delivery = { body: Buffer.from(body), header: (name: string) => given.get(name) ?? undefined }
  return authenticityOf(type, stored, delivery, now)
}

function standardSigned(secret: string, body: string, at = NOW, id = 'msg_1') {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
  }
}

const BODY = '{"type":"order.placed","note":"Grüße ☀"}'
const SECRETS: { readonly [type in AuthType]: string } = {
  standard: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  stripe: 'whsec_aStripeSecret0123456789',
  shopify: 'hush-this-is-the-shop',
  github: "It's a Secret to Everybody",
  bearer: 'tms_0123456789abcdef',
}
const SIGN: { readonly [type in AuthType]: (secret: string, body: string) => { [name: string]: string } } = {
  standard: (secret, body) => standardSigned(secret, body),
  stripe: (secret, body) => stripeSigned(secret, body, NOW),
  shopify: shopifySigned,
  github: githubSigned,
  bearer: (secret) => ({ Authorization: `Bearer ${secret}` }),
}

describe.each(AUTH_TYPES)('a call of kind %s', (type) => {
  const secret = SECRETS[type]
  const stored = storedSecret(type, secret)

  it('is taken when it is signed with the secret', () => {
    expect(judge(type, stored, BODY, SIGN[type](secret, BODY))).toMatchObject({ ok: true })
  })

  it('is forged when it is signed with another secret', () => {
    const other = type === 'standard' ? `whsec_${randomBytes(32).toString('base64')}` : `${secret}x`
    expect(judge(type, stored, BODY, SIGN[type](other, BODY))).toEqual({ ok: false, fault: 'forged' })
  })

  it('is refused without its header, which is named', () => {
    expect(judge(type, stored, BODY, {})).toEqual({
      ok: false,
      fault: 'missing',
      header: expect.stringMatching(
        /^(?:webhook-id|Stripe-Signature|X-Shopify|X-Hub|Authorization)/,
      ) as string,
    })
  })

  it('is refused, and breaks nothing, whatever stands in its headers', () => {
    const names = Object.keys(SIGN[type](secret, BODY)).filter((name) => name !== 'X-Shopify-Topic')
    const value = fc.stringMatching(/^[ -~]*$/)
    fc.assert(
      fc.property(fc.array(value, { minLength: names.length, maxLength: names.length }), (values) => {
        const headers = Object.fromEntries(names.map((name, index) => [name, values[index]!]))
        expect(judge(type, stored, BODY, headers).ok).toBe(false)
      }),
    )
  })
})

describe('a signed body', () => {
  it.each(['standard', 'stripe', 'shopify', 'github'] as const)('may not be changed: %s', (type) => {
    const headers = SIGN[type](SECRETS[type], BODY)
    for (const changed of [BODY.replace('placed', 'plaaced'), `${BODY} `, ''])
      expect(judge(type, SECRETS[type], changed, headers)).toEqual({ ok: false, fault: 'forged' })
  })

  it.each(['standard', 'stripe'] as const)('is good for five minutes, either way: %s', (type) => {
    const headers = SIGN[type](SECRETS[type], BODY)
    const at = (minutes: number) => judge(type, SECRETS[type], BODY, headers, NOW + minutes * MINUTE)
    expect(at(5)).toMatchObject({ ok: true, signedAt: NOW })
    expect(at(-5)).toMatchObject({ ok: true, signedAt: NOW })
    expect(at(5 + 1 / 60)).toEqual({ ok: false, fault: 'stale' })
    expect(at(-5 - 1 / 60)).toEqual({ ok: false, fault: 'stale' })
  })

  it('may carry several signatures while the secret is changed, one of which must be right', () => {
    const { 'webhook-signature': right, ...rest } = standardSigned(SECRETS.standard, BODY)
    const several = (signatures: string) =>
      judge('standard', SECRETS.standard, BODY, { ...rest, 'webhook-signature': signatures }).ok
    expect(several(`v1,${randomBytes(32).toString('base64')} ${right}`)).toBe(true)
    expect(several(`v1a,${right.slice(3)}`)).toBe(false)
    const { 'Stripe-Signature': stripe } = stripeSigned(SECRETS.stripe, BODY, NOW)
    const withOld = stripe.replace(',v1=', `,v1=${'ab'.repeat(32)},v1=`)
    expect(judge('stripe', SECRETS.stripe, BODY, { 'Stripe-Signature': withOld })).toMatchObject({ ok: true })
  })

  it('does not count under another time or name than the signed one', () => {
    const standard = standardSigned(SECRETS.standard, BODY)
    for (const change of [{ 'webhook-id': 'msg_2' }, { 'webhook-timestamp': String(NOW / 1000 + 1) }])
      expect(judge('standard', SECRETS.standard, BODY, { ...standard, ...change }).ok).toBe(false)
    const stripe = stripeSigned(SECRETS.stripe, BODY, NOW)['Stripe-Signature']
    const later = stripe.replace(/^t=\d+/, `t=${NOW / 1000 + 1}`)
    expect(judge('stripe', SECRETS.stripe, BODY, { 'Stripe-Signature': later }).ok).toBe(false)
  })

  it('has the name that its signature covers: the id of the call, else its bytes', () => {
    expect(judge('standard', SECRETS.standard, BODY, SIGN.standard(SECRETS.standard, BODY))).toMatchObject({
      id: 'msg_1',
    })
    const idOf = (body: string) => {
      const found = judge('shopify', SECRETS.shopify, body, shopifySigned(SECRETS.shopify, body))
      return found.ok && found.id
    }
    expect(idOf(BODY)).toBe(idOf(BODY))
    expect(idOf(BODY)).not.toBe(idOf(`${BODY} `))
  })
})

describe('a secret', () => {
  it.each(['standard', 'github', 'bearer'] as const)(
    'of kind %s is made here, another one each time',
    (type) => {
      const [one, two] = [newSecret(type)!, newSecret(type)!]
      expect(one).not.toBe(two)
      expect(secretFault(type, one)).toBeUndefined()
      expect(judge(type, storedSecret(type, one), BODY, SIGN[type](one, BODY))).toMatchObject({ ok: true })
    },
  )

  it.each(['stripe', 'shopify'] as const)('of kind %s is given out by the sender', (type) => {
    expect(newSecret(type)).toBeUndefined()
  })

  it.each<[AuthType, string]>([
    ['standard', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['standard', 'whsec_'],
    ['standard', 'whsec_short'],
    ['standard', `whsec_${randomBytes(65).toString('base64')}`],
    ['stripe', 'short'],
    ['shopify', 'x'.repeat(501)],
    ['bearer', 'with a blank in it'],
    ['bearer', 'short'],
  ])('of kind %s is refused where it cannot be one: %s', (type, secret) => {
    expect(secretFault(type, secret)).toMatch(/[a-z]/)
  })

  it('of a bearer is kept as a hash only', () => {
    expect(storedSecret('bearer', SECRETS.bearer)).not.toContain(SECRETS.bearer)
    expect(
      judge('bearer', storedSecret('bearer', SECRETS.bearer), BODY, {
        Authorization: `Bearer ${storedSecret('bearer', SECRETS.bearer)}`,
      }),
    ).toEqual({ ok: false, fault: 'forged' })
  })
})
