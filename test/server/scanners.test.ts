import { expect, test } from 'vitest'
import { isMachineClick } from '../../server/ingest/scanners.ts'
import scanners from '../../server/ingest/scanners.json' with { type: 'json' }

const get = (headers: Record<string, string>) => isMachineClick({ method: 'GET', headers })

test.each([
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/480.0]',
  'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
  'curl/8.9.1',
  'node',
  '',
])('a person may use "%s"', (userAgent) => {
  expect(get({ 'user-agent': userAgent })).toBe(false)
})

test.each([
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
  'BarracudaCentral/1.0',
  'Microsoft Office Existence Discovery',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'WhatsApp/2.23.20 A',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
])('"%s" is a machine, however it is written', (userAgent) => {
  expect(get({ 'user-agent': userAgent })).toBe(true)
  expect(get({ 'user-agent': userAgent.toUpperCase() })).toBe(true)
})

test.each([
  ['sec-purpose', 'prefetch;prerender'],
  ['sec-purpose', 'prefetch'],
  ['purpose', 'Prefetch'],
  ['x-purpose', 'preview'],
  ['x-moz', 'prefetch'],
])('a page loaded ahead (%s: %s) is no click', (header, value) => {
  expect(get({ 'user-agent': 'Mozilla/5.0 Chrome/130', [header]: value })).toBe(true)
})

test('a HEAD is no click, a request without headers may be one', () => {
  expect(isMachineClick({ method: 'HEAD', headers: {} })).toBe(true)
  expect(isMachineClick({ method: 'head', headers: {} })).toBe(true)
  expect(get({})).toBe(false)
})

test('every entry of the list says where it is from, and matches something that cannot be a word of a browser', () => {
  for (const { match, source } of [...scanners.userAgents, ...scanners.prefetch]) {
    expect(source).toMatch(/^https:\/\//)
    expect(match.length).toBeGreaterThan(3)
  }
  expect(
    scanners.prefetch.every(
      ({ header, match }) => header === header.toLowerCase() && match === match.toLowerCase(),
    ),
  ).toBe(true)
})
