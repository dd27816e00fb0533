/** `/api/mail` and `/api/sms`: how a message would arrive, while somebody is writing it, and a mail to themselves. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import {
  checkMessage,
  EMAIL_ADDRESS,
  parseMessage,
  problem,
  type Contact,
  type JsonObject,
  type Problem,
} from '../../engine/index.ts'
import { isReserved } from '../channels/smtp.ts'
import { sourcesOf, type Mail, type MailTemplate } from '../messages/compose.ts'
import { keptMail } from '../messages/kept.ts'
import {
  exampleContact,
  mailTrial,
  smsTrial,
  testMail,
  unknownContact,
  type TrialSources,
} from '../messages/trial.ts'
import { knownAttributes } from '../runtime/attributes.ts'
import { emergencyStop } from '../store/brakes.ts'
import { contactRow } from '../store/contactViews.ts'
import { contactOf } from '../store/contacts.ts'
import { insertTestMail } from '../store/mailbox.ts'
import { templateByName } from '../store/templates.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { refuse, refuseFaults } from './problem.ts'

const CONTACT = 'the id of a contact, or null for somebody of whom nothing is known'
const about = {
  /** The params of the step. */
  content: z.unknown(),
  /** As whom: a contact, nobody we know, or (absent) somebody made up. */
  contact: z.string(CONTACT).nullable().optional(),
  event: z.record(z.string(), z.json(), 'an object with the properties of the event').default({}),
}
const asked = z.strictObject(about, 'an object with "content", the params of a message')
const ADDRESS = 'an e-mail address'
const askedToSend = z.strictObject(
  {
    ...about,
    to: z
      .string(ADDRESS)
      .trim()
      .refine((text) => EMAIL_ADDRESS.test(text), ADDRESS),
  },
  'an object with "content", the params of a message, and "to", an e-mail address',
)

export function mailRoutes(deps: Deps) {
  const { database, turns, clock, config, channels } = deps
  const mayTest = pace()

  return new Hono()
    .post('/preview', async (c) => {
      const read = await readMail(c, deps, asked)
      if (!read.ok) return read.refusal
      const { params, template, sources, problems } = read.value
      const trial = template
        ? mailTrial(params, template, sources)
        : { from: deps.sender.mailFrom, subject: '', preview: null, html: null, text: null, failure: null }
      return c.json({ ...trial, problems })
    })
    .post('/test', async (c) => {
      const read = await readMail(c, deps, askedToSend)
      if (!read.ok) return read.refusal
      const { body, params, template, sources, problems } = read.value
      const to = body.to
      if (await emergencyStop(database.read)) return refuse(c, 'sending_stopped', null)
      const lacking = config.missingForSending.mail
      if (lacking.length > 0) return refuse(c, 'cannot_send', null, lacking)
      if (!template) return refuseFaults(c, 422, 'invalid_message', inContent(problems))
      const id = `test/${randomUUID()}`
      const made = testMail(`${id}/1`, to, params, template, sources)
      if (!made.ok) return refuse(c, 'test_not_made', '/content', made.detail)
      if (!mayTest()) return refuse(c, 'too_many_tests', null, MOST_TESTS, WITHIN / MINUTE)
      const { mail } = made
      if (channels.smtp === null || isReserved(to)) {
        await turns.run((tx) => insertTestMail(tx, rowOf(id, mail, to, body.contact, clock.now())))
        return c.json({ outcome: 'kept', id, detail: null })
      }
      const verdict = await channels.smtp.send(mail)
      if (verdict.type === 'sent') return c.json({ outcome: 'sent', id: null, detail: verdict.response })
      return refuse(c, 'test_not_sent', null, verdict.detail)
    })
}

function rowOf(id: string, mail: Mail, to: string, contact: string | null | undefined, now: number) {
  return {
    id,
    contact_id: contact ?? null,
    to_address: to,
    subject: mail.subject,
    content: JSON.stringify(keptMail(mail)),
    created_at: now,
  }
}

export function smsRoutes(deps: Deps) {
  return new Hono().post('/preview', async (c) => {
    const body = await readBody(c, asked)
    if (!body.ok) return body.refusal
    const parsed = parseMessage('sendSms', body.value.content)
    if (!parsed.ok) return refuseFaults(c, 422, 'invalid_message', inContent(parsed.problems))
    const contact = await contactFor(deps, body.value.contact)
    if (!contact) return refuse(c, 'unknown_contact', '/contact', body.value.contact ?? '')
    const known = await knownAttributes(deps.database.read)
    const trial = smsTrial(parsed.value.params, sourcesFor(deps, contact, body.value.event))
    return c.json({ ...trial, problems: checkMessage(parsed.value, NAME, known) })
  })
}

/** What a message without a name is called. */
const NAME = 'this message'

/** Reads what all that is about a mail begins with: what it says, and who reads it. */
async function readMail<Body extends z.infer<typeof asked>>(c: Context, deps: Deps, schema: z.ZodType<Body>) {
  const body = await readBody(c, schema)
  if (!body.ok) return body
  const { content, contact: id, event } = body.value
  const parsed = parseMessage('sendEmail', content)
  const refused = (refusal: ReturnType<typeof refuse>) => ({ ok: false, refusal }) as const
  if (!parsed.ok) return refused(refuseFaults(c, 422, 'invalid_message', inContent(parsed.problems)))
  const contact = await contactFor(deps, id)
  if (!contact) return refused(refuse(c, 'unknown_contact', '/contact', id ?? ''))
  const { read } = deps.database
  const { params } = parsed.value
  const name = 'template' in params ? params.template : undefined
  const found = name === undefined ? undefined : await templateByName(read, name)
  const template = sourcesOf(params, name !== undefined && found ? { [name]: found } : {})
  const missing = template ? [] : [problem('unknown_template', ['template'], name ?? '')]
  const known = await knownAttributes(read)
  const value: MailAsked<Body> = {
    body: body.value,
    params,
    template,
    sources: sourcesFor(deps, contact, event),
    problems: [...missing, ...checkMessage(parsed.value, NAME, known)],
  }
  return { ok: true, value } as const
}

interface MailAsked<Body> {
  readonly body: Body
  readonly params: Parameters<typeof mailTrial>[0]
  /** Undefined where there is none of that name. */
  readonly template: MailTemplate | undefined
  readonly sources: TrialSources
  readonly problems: readonly Problem[]
}

async function contactFor(
  { database, clock }: Deps,
  id: string | null | undefined,
): Promise<Contact | undefined> {
  if (id === undefined) return exampleContact(clock.now())
  if (id === null) return unknownContact(clock.now())
  const row = await contactRow(database.read, id)
  return row && contactOf(row)
}

function sourcesFor({ sender, secret, clock }: Deps, contact: Contact, event: JsonObject): TrialSources {
  return { contact, event, workspace: sender, secret, now: clock.now() }
}

function inContent(problems: readonly Problem[]): readonly Problem[] {
  return problems.map((found) => ({ ...found, path: `/content${found.path}` }))
}

// ---- The pace of tests -------------------------------------------------------------------------------------------

const MINUTE = 60_000
/** Enough for whoever looks at a mail, and too few for whoever means to write to people. */
const MOST_TESTS = 20
const WITHIN = 10 * MINUTE

/** Whether one more test may go out now, by the machine's clock. */
function pace(): () => boolean {
  let sent: readonly number[] = []
  return () => {
    const now = performance.now()
    sent = sent.filter((at) => at > now - WITHIN)
    if (sent.length >= MOST_TESTS) return false
    sent = [...sent, now]
    return true
  }
}
