/** `/api/session`: a person signs in with a one-time link, and out again. */
import { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { closeSession, openSession } from '../store/keys.ts'
import { foreignOrigin, isSignedIn, SESSION_COOKIE } from './auth.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { refuse } from './problem.ts'

const TOKEN = 'the token of a login link'
const login = z.strictObject(
  { token: z.string(TOKEN).min(1, TOKEN).max(255, TOKEN) },
  'an object with "token"',
)

const THIRTY_DAYS = 30 * 24 * 3_600

export function sessionRoutes(deps: Deps) {
  const cookie = {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: deps.baseUrl.startsWith('https:'),
  } as const

  return new Hono()
    .get('/', async (c) =>
      (await isSignedIn(deps, c)) ? c.json({ signedIn: true }) : refuse(c, 'not_signed_in', null),
    )
    .post('/', async (c) => {
      const foreign = foreignOrigin(deps, c)
      if (foreign) return foreign
      const body = await readBody(c, login)
      if (!body.ok) return body.refusal
      const session = await deps.turns.run((tx) => openSession(tx, body.value.token, Date.now()))
      if (session === undefined) return refuse(c, 'login_refused', '/token')
      setCookie(c, SESSION_COOKIE, session, { ...cookie, maxAge: THIRTY_DAYS })
      return c.json({ signedIn: true })
    })
    .delete('/', async (c) => {
      const foreign = foreignOrigin(deps, c)
      if (foreign) return foreign
      const session = getCookie(c, SESSION_COOKIE)
      if (session !== undefined) await deps.turns.run((tx) => closeSession(tx, session))
      deleteCookie(c, SESSION_COOKIE, cookie)
      return c.body(null, 204)
    })
}
