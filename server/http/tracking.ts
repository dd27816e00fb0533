/**
 * Where the links in mails lead: `/t/o` the pixel, `/t/c` the tracked links, `/t/h` the trap, `/u` the way out; and `/t/s`,
 * where the provider of SMS tells what became of one. Nobody signs in here; a token that this installation signed is what lets in. A person's way never ends at a fault of ours: the
 * redirect happens even where the click could not be written down.
 */
import { Hono, type Context } from 'hono'
import { html } from 'hono/html'
import { isMachineClick } from '../ingest/scanners.ts'
import { TRIAL } from '../messages/compose.ts'
import { decodeToken, type Token, type TokenKind } from '../messages/tokens.ts'
import { readSmsReport } from '../ingest/smsReport.ts'
import { recordClick, recordOpen, recordReport, springTrap, unsubscribe } from '../runtime/tracking.ts'
import type { Tx } from '../store/database.ts'
import { linkOf } from '../store/messages.ts'
import { readText } from './body.ts'
import type { Deps } from './deps.ts'
import { SECURITY_HEADERS } from './pages.ts'

/** One transparent point. */
const PIXEL = new Uint8Array(
  Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
)

/** In bytes: a form of a few fields. */
const LARGEST_REPORT = 32_768

const PRIVATE = {
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex',
  'Referrer-Policy': 'no-referrer',
} as const

export function trackingRoutes(deps: Deps) {
  const { database, runtime, clock } = deps

  return new Hono()
    .get('/o/:token', async (c) => {
      const token = tokenOf(deps, c.req.param('token'), 'open')
      if (!token) return notFound(c)
      await noted(deps, (tx) => recordOpen(tx, runtime, token.message, byMachine(c), clock.now()))
      return c.body(PIXEL, 200, { ...PRIVATE, 'Content-Type': 'image/gif' })
    })
    .get('/c/:token', async (c) => {
      const token = tokenOf(deps, c.req.param('token'), 'click')
      if (!token) return notFound(c)
      const url = await linkOf(database.read, token.message, token.link)
      if (url === undefined) return notFound(c)
      await noted(deps, (tx) => recordClick(tx, runtime, token.message, url, byMachine(c), clock.now()))
      return c.body(null, 302, { ...PRIVATE, Location: url })
    })
    .get('/h/:token', async (c) => {
      const token = tokenOf(deps, c.req.param('token'), 'trap')
      if (!token) return notFound(c)
      await noted(deps, (tx) => springTrap(tx, runtime, token.message, clock.now()))
      return c.body(null, 204, PRIVATE)
    })
    .post('/s/:token', async (c) => {
      const token = tokenOf(deps, c.req.param('token'), 'report')
      const form = token && (await readText(c, LARGEST_REPORT))
      if (!token || form === undefined) return notFound(c)
      const report = readSmsReport(form)
      if (report) await noted(deps, (tx) => recordReport(tx, runtime, token.message, report, clock.now()))
      return c.body(null, 204, PRIVATE)
    })
}

/** `GET` only asks, so that scanners that follow every link unsubscribe nobody; `POST` does it (RFC 8058), twice is fine. */
export function unsubscribeRoutes(deps: Deps) {
  const { turns, runtime, clock, config } = deps

  const trial = (c: Context) => {
    const word = html`<h1>This was a test.</h1>
      <p>In a real message, this link unsubscribes the person who got it.</p>`
    return page(c, 200, 'A test', word)
  }

  return new Hono()
    .on(['GET', 'POST'], `/${TRIAL}`, trial)
    .get('/:token', (c) => {
      if (!tokenOf(deps, c.req.param('token'), 'unsubscribe')) return notFound(c)
      const question = html`<h1>Unsubscribe?</h1>
        <p>${config.companyName} will send you no more newsletters and offers.</p>
        <form method="post"><button type="submit">Unsubscribe</button></form>`
      return page(c, 200, 'Unsubscribe', question)
    })
    .post('/:token', async (c) => {
      const token = tokenOf(deps, c.req.param('token'), 'unsubscribe')
      const done = token && (await turns.run((tx) => unsubscribe(tx, runtime, token.message, clock.now())))
      if (!done) return notFound(c)
      const thanks = html`<h1>You are unsubscribed.</h1>
        <p>${config.companyName} will send you no more newsletters and offers.</p>`
      return page(c, 200, 'Unsubscribed', thanks)
    })
}

/** The token, if we signed it and for this use; a click token does not unsubscribe. */
function tokenOf<Kind extends TokenKind>({ secret }: Deps, text: string, kind: Kind) {
  const token = decodeToken(text, secret)
  return token?.kind === kind ? (token as Token & { readonly kind: Kind }) : undefined
}

function byMachine(c: Context): boolean {
  return isMachineClick({ method: c.req.method, headers: c.req.header() })
}

/** Writes it down where that is possible. What goes wrong is our trouble, not that of the person who clicked. */
async function noted({ turns, report }: Deps, write: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await turns.run(write)
  } catch (error) {
    report(error)
  }
}

// ---- Pages -------------------------------------------------------------------------------------------------------

type Markup = ReturnType<typeof html>

function notFound(c: Context) {
  const sorry = html`<h1>This link leads nowhere.</h1>
    <p>It may be incomplete, or what it led to is gone.</p>`
  return page(c, 404, 'Not found', sorry)
}

/** A page that needs nothing but itself. */
function page(c: Context, status: 200 | 404, title: string, body: Markup) {
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ...PRIVATE,
  }
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          :root { color-scheme: light dark; }
          body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 32rem; margin: 18vh auto 0; padding: 0 1.5rem; }
          h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
          button { font: inherit; font-weight: 600; padding: 0.6rem 1.4rem; margin-top: 0.5rem; border: 0; border-radius: 0.5rem; background: #0a6c80; color: #fff; cursor: pointer; }
          button:focus-visible { outline: 3px solid #7fd6e4; outline-offset: 2px; }
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`
  return c.html(document, status, headers)
}
