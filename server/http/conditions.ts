/** `/api/conditions`: whom a condition is about, while somebody is writing it. */
import { Hono } from 'hono'
import { z } from 'zod'
import { parseCondition, parseSegment, type Contact } from '../../engine/index.ts'
import { answersOf, whoMatches } from '../runtime/asking.ts'
import { contactRow } from '../store/contactViews.ts'
import { contactOf } from '../store/contacts.ts'
import { readBody, something } from './body.ts'
import type { Deps } from './deps.ts'
import { refuse, refuseFaults } from './problem.ts'

/** Where the condition is to stand: a segment knows no event and no passage. */
const SCOPES = ['trigger', 'branch', 'contact', 'segment'] as const

const question = z.strictObject(
  {
    when: something('a condition'),
    scope: z.enum(SCOPES, `one of ${SCOPES.join(', ')}`).default('branch'),
    contact: z.string('the id of a contact').optional(),
  },
  'an object with "when", a condition',
)

export function conditionRoutes(deps: Deps) {
  const { database, runtime, clock } = deps

  return new Hono().post('/preview', async (c) => {
    const body = await readBody(c, question)
    if (!body.ok) return body.refusal
    const { when, scope, contact: id } = body.value
    // The segment is not there yet, so none can depend on it.
    const parsed =
      scope === 'segment' ? parseSegment(when, '', runtime.catalogue().segments) : parseCondition(when)
    if (!parsed.ok) {
      const faults = parsed.problems.map((problem) => ({ ...problem, path: `/when${problem.path}` }))
      return refuseFaults(c, 422, 'invalid_condition', faults)
    }
    if (id !== undefined) {
      const row = await contactRow(database.read, id)
      if (!row) return refuse(c, 'unknown_contact', '/contact', id)
      const contact = contactOf(row)
      const answers = await answersOf(deps, parsed.value, contact, clock.now())
      return c.json({ contact: exampleView(contact), ...answers })
    }
    const { signal } = c.req.raw
    const matches = await whoMatches(deps, parsed.value, clock.now(), () => !signal.aborted)
    return c.json({ ...matches, examples: matches.examples.map(exampleView) })
  })
}

/** As much of a contact as tells who it is. */
function exampleView({ id, userId, email, attributes: { FIRSTNAME, LASTNAME } }: Contact) {
  return {
    id,
    userId,
    email,
    attributes: {
      ...(FIRSTNAME !== undefined && { FIRSTNAME }),
      ...(LASTNAME !== undefined && { LASTNAME }),
    },
  }
}
