/** `/api/templates`: mails by name. A published version keeps its own copy, so a change here reaches the next one. */
import { Hono } from 'hono'
import { z } from 'zod'
import { parseTemplate } from '../../engine/index.ts'
import type { MailTemplate } from '../messages/compose.ts'
import { usersOfTemplate } from '../runtime/book.ts'
import { saveTemplate, templateByName, templateNames } from '../store/templates.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { refuseFaults, refuse, type Fault } from './problem.ts'

const SUBJECT = 'a subject: one line of 1 to 998 characters'
const HTML = 'the HTML of the mail, of 1 to 500,000 characters'
const TEXT = 'the plain text of the mail, of at most 500,000 characters'
const NAME = 'a name of 1 to 255 characters without blanks at its ends'

const template = z.strictObject(
  {
    name: z.string(NAME).optional(),
    subject: z
      .string(SUBJECT)
      .trim()
      .min(1, SUBJECT)
      .max(998, SUBJECT)
      .regex(/^\P{Cc}*$/u, SUBJECT),
    html: z.string(HTML).min(1, HTML).max(500_000, HTML),
    text: z.string(TEXT).max(500_000, TEXT).optional(),
  },
  'an object with "subject", "html" and perhaps "text"',
)

export function templateRoutes({ database, turns, clock, journeys }: Deps) {
  const usedBy = (name: string) => usersOfTemplate(journeys.catalogue(), name)
  return new Hono()
    .get('/', async (c) => {
      const names = await templateNames(database.read)
      return c.json({ items: names.map((name) => ({ name })), next: null })
    })
    .get('/:name', async (c) => {
      const name = c.req.param('name')
      const found = await templateByName(database.read, name)
      return found
        ? c.json({ name, ...found, usedBy: usedBy(name) })
        : refuse(c, 'unknown_template', null, name)
    })
    .put('/:name', async (c) => {
      const name = c.req.param('name')
      const body = await readBody(c, template)
      if (!body.ok) return body.refusal
      const { subject, html, text } = body.value
      const mail: MailTemplate = { subject, html, ...(text !== undefined && { text }) }
      if ((body.value.name ?? name) !== name)
        return refuse(c, 'other_id', '/name', name, body.value.name ?? '')
      const faults = faultsOf(name, mail)
      if (faults.length > 0) return refuseFaults(c, 422, 'invalid_template', faults)
      const known = await turns.run(async (tx) => {
        const before = await templateByName(tx.db, name)
        await saveTemplate(tx, name, mail, clock.now())
        return before !== undefined
      })
      return c.json({ name, ...mail, usedBy: usedBy(name) }, known ? 200 : 201)
    })
}

/** A journey names its mails by the same rule. */
function faultsOf(name: string, mail: MailTemplate): readonly Fault[] {
  const misnamed = name !== name.trim() || name.length > 255
  const bad = misnamed ? [{ code: 'unexpected', path: '/name', detail: `expected ${NAME}` }] : []
  const unreadable = Object.entries(mail).flatMap(([part, source]) => {
    const parsed = parseTemplate(String(source))
    return parsed.ok ? [] : [{ code: 'bad_template', path: `/${part}`, detail: parsed.detail }]
  })
  return [...bad, ...unreadable]
}
