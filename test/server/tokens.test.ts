import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeToken, encodeToken, messageIdHeader, type Token } from '../../server/messages/tokens.ts'

const SECRET = 'the secret of one database'
const token: fc.Arbitrary<Token> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('open', 'trap', 'unsubscribe', 'report'),
    message: fc.string({ minLength: 1, maxLength: 100, unit: 'binary' }),
  }),
  fc.record({
    kind: fc.constant('click'),
    message: fc.string({ minLength: 1, maxLength: 100 }),
    link: fc.integer({ min: 0, max: 65_535 }),
  }),
)

describe('tokens', () => {
  test('come back as they went out, and fit into a path', () => {
    fc.assert(
      fc.property(token, (token) => {
        const text = encodeToken(token, SECRET)
        expect(text).toMatch(/^[\w-]+$/)
        expect(decodeToken(text, SECRET)).toEqual(token)
      }),
    )
  })

  test('are the same each time', () => {
    const token: Token = { kind: 'click', message: '1042.1/welcome/1', link: 3 }
    expect(encodeToken(token, SECRET)).toBe(encodeToken(token, SECRET))
  })

  test('with one character changed are nothing', () => {
    const text = encodeToken({ kind: 'unsubscribe', message: '1042.1/welcome/1' }, SECRET)
    const changed = Array.from(text, (_, at) =>
      ['A', 'B', '_', '-', '=', ' ', '%'].map((letter) => text.slice(0, at) + letter + text.slice(at + 1)),
    ).flat()
    expect(changed.filter((other) => other !== text && decodeToken(other, SECRET) !== undefined)).toEqual([])
  })

  test('that were cut, lengthened or made up are nothing', () => {
    const text = encodeToken({ kind: 'open', message: '1.1/a/1' }, SECRET)
    for (const other of [
      '',
      text.slice(0, -1),
      text.slice(1),
      `${text}A`,
      `${text}=`,
      ` ${text}`,
      'A'.repeat(100_000),
      'ümläut',
    ])
      expect(decodeToken(other, SECRET)).toBeUndefined()
    fc.assert(fc.property(fc.string(), (made) => decodeToken(made, SECRET) === undefined))
  })

  test('of another database are nothing', () => {
    const text = encodeToken({ kind: 'open', message: '1.1/a/1' }, SECRET)
    expect(decodeToken(text, 'the secret of another')).toBeUndefined()
    expect(decodeToken(text, Buffer.from(SECRET))).toEqual({ kind: 'open', message: '1.1/a/1' })
  })

  test('have no more links than fit', () => {
    for (const link of [-1, 0.5, 65_536])
      expect(() => encodeToken({ kind: 'click', message: 'm', link }, SECRET)).toThrow('no link number')
  })
})

describe('Message-ID', () => {
  const id = (message: string, baseUrl = 'https://go.acme.eu/app', secret = SECRET) =>
    messageIdHeader(message, baseUrl, secret)

  test('is the same on every attempt, and different for every message and database', () => {
    expect(id('1042.1/welcome/1')).toMatch(/^<1042\.1\.welcome\.1\.[0-9a-f]{16}@go\.acme\.eu>$/)
    expect(id('1042.1/welcome/1')).toBe(id('1042.1/welcome/1'))
    const others = [
      id('1042.1/welcome/1', undefined, 'another'),
      id('1042.1/welcome/2'),
      id('1042/1.welcome/1'),
    ]
    expect(new Set([id('1042.1/welcome/1'), ...others]).size).toBe(4)
  })

  test('has the host without port; an IPv6 address stays in its brackets', () => {
    expect(id('1.1/a/1', 'http://localhost:3000')).toMatch(/@localhost>$/)
    expect(id('1.1/a/1', 'http://[::1]:3000')).toMatch(/@\[::1\]>$/)
  })
})
