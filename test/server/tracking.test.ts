import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Condition } from '../../engine/index.ts'
import { encodeToken } from '../../server/messages/tokens.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { startInstallation, type Answer, type TestInstallation } from '../support/installation.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

/** One mail with a link; 10 points for each click, 20 more for clicks in each of the last three mails. */
const MAIL = journeyOf(
  {
    mail: {
      meta: { kind: 'email' },
      entry: {
        type: 'sendEmail',
        params: {
          subject: 'Hello',
          html: '<p><a href="https://acme.io/guide?a=1&b=2">Guide</a></p>',
          messageType: 'newsletter',
          again: 'always',
        },
      },
      always: 'end',
    },
    end: { type: 'final' },
  },
  { id: 'mail', meta: { reentry: { policy: 'parallel' } }, on: { go: triggerTo('mail') } },
)
const POINTS = journeyOf(
  {
    points: {
      meta: { kind: 'update' },
      entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add: 10 } },
      always: 'more',
    },
    more: {
      meta: { kind: 'condition' },
      always: [
        { guard: { type: 'holds', params: { when: { clicked: 3, ofLast: 3 } } }, target: 'keen' },
        { target: 'end' },
      ],
    },
    keen: {
      meta: { kind: 'addToList' },
      entry: { type: 'addToList', params: { list: 'Keen' } },
      always: 'end',
    },
    end: { type: 'final' },
  },
  { id: 'points', on: { 'email.clicked': triggerTo('points') } },
)

let server: TestInstallation
beforeEach(async () => {
  server = await startInstallation()
  const { items } = (await server.ask('GET', '/api/journeys')).body as { items: readonly { id: string }[] }
  for (const { id } of items) await server.ask('POST', `/api/journeys/${id}/pause`)
  for (const journey of [MAIL, POINTS]) {
    await server.ask('PUT', `/api/journeys/${journey.id}`, journey)
    const { status, text } = await server.ask('POST', `/api/journeys/${journey.id}/publish`)
    if (status !== 200) throw new Error(text)
  }
  await server.send('identify', { userId: 'ada', traits: { email: 'ada@acme.io', consent: { email: true } } })
})
afterEach(async () => {
  const { differences } = await verifyAll(server.deps.database.read, 'UTC')
  await server.stop()
  if (differences.length > 0) throw new Error(`the journal says otherwise: ${JSON.stringify(differences)}`)
})

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }

interface Links {
  readonly click: string
  readonly open: string
  readonly trap: string
  readonly unsubscribe: string
}

/** Has a mail sent and reads its links, as paths. */
async function mailed(): Promise<Links> {
  await server.send('track', { userId: 'ada', event: 'go' })
  await server.settled()
  const { items } = (await server.ask('GET', '/api/mailbox?to=ada@acme.io')).body as {
    items: readonly { html: string; headers: { readonly [name: string]: string } }[]
  }
  const [mail] = items
  const pathIn = (text: string | undefined, kind: string) =>
    new RegExp(`/${kind}/[A-Za-z0-9_-]+`).exec(text ?? '')?.[0] ?? ''
  return {
    click: pathIn(mail?.html, 't/c'),
    open: pathIn(mail?.html, 't/o'),
    trap: pathIn(mail?.html, 't/h'),
    unsubscribe: pathIn(mail?.headers['List-Unsubscribe'], 'u'),
  }
}

const get = (path: string, headers: { readonly [name: string]: string } = BROWSER): Promise<Answer> =>
  server.anyone('GET', path, undefined, headers)

interface Person {
  readonly id: string
  readonly attributes: { readonly SCORE: number }
  readonly lists: readonly string[]
  readonly lastActivityAt: string | null
  readonly consent: { readonly email: { readonly status: string; readonly source: string } }
}
async function ada(): Promise<Person> {
  const { items } = (await server.ask('GET', '/api/contacts?email=ada@acme.io')).body as {
    items: readonly Person[]
  }
  if (!items[0]) throw new Error('ada is gone')
  return items[0]
}
const score = async () => (await ada()).attributes.SCORE
async function happenings(): Promise<readonly string[]> {
  const { items } = (await server.ask('GET', `/api/contacts/${(await ada()).id}/timeline`)).body as {
    items: readonly { name: string }[]
  }
  return items.map(({ name }) => name)
}

describe('a click', () => {
  it('leads to the address of the mail, counts, and is told in the timeline', async () => {
    const { click } = await mailed()
    const { status, headers } = await get(click)
    expect(status).toBe(302)
    expect(headers.get('location')).toBe('https://acme.io/guide?a=1&b=2')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(await score()).toBe(10)
    const { items } = (await server.ask('GET', `/api/contacts/${(await ada()).id}/timeline?limit=1`))
      .body as { items: readonly object[] }
    expect(items).toMatchObject([
      { name: 'email.clicked', properties: { link: 'https://acme.io/guide?a=1&b=2', subject: 'Hello' } },
    ])
  })

  it.each([
    ['a program of the list', { 'user-agent': 'BarracudaCentral/1.0' }],
    ['a browser that loads ahead', { ...BROWSER, 'sec-purpose': 'prefetch' }],
  ])('by %s is followed and worth nothing', async (_, headers) => {
    const { click } = await mailed()
    const before = (await ada()).lastActivityAt
    expect((await get(click, headers)).status).toBe(302)
    expect(await score()).toBe(0)
    expect((await ada()).lastActivityAt).toBe(before)
    expect(await happenings()).toContain('A program, not the person, clicked in an e-mail')
  })

  it('of which only the head is asked never counts', async () => {
    const { click } = await mailed()
    const { status, headers } = await server.anyone('HEAD', click, undefined, BROWSER)
    expect([status, headers.get('location')]).toEqual([302, 'https://acme.io/guide?a=1&b=2'])
    expect(await score()).toBe(0)
  })

  it('still leads on when it cannot be written down', async () => {
    const { click } = await mailed()
    const turns = server.deps.turns as { run: typeof server.deps.turns.run }
    const { run } = turns
    turns.run = () => Promise.reject(new Error('the disk is full'))
    const { status } = await get(click)
    turns.run = run
    expect(status).toBe(302)
    expect(server.reported).toMatchObject([{ message: 'the disk is full' }])
  })

  it.each([
    ['nonsense', () => 'nonsense'],
    [
      'signed by another installation',
      () => encodeToken({ kind: 'click', message: '1.1/mail/1', link: 1 }, 'other'),
    ],
    [
      'for a link the mail has not',
      () => encodeToken({ kind: 'click', message: '1.1/mail/1', link: 9 }, server.deps.secret),
    ],
    ['for opening', () => encodeToken({ kind: 'open', message: '1.1/mail/1' }, server.deps.secret)],
  ])('on a token %s leads nowhere', async (_, token) => {
    const { status, text, headers } = await get(`/t/c/${token()}`)
    expect(status).toBe(404)
    expect(text).toContain('leads nowhere')
    expect(headers.get('location')).toBeNull()
  })
})

describe('the trap', () => {
  it('makes clicks right after it worth nothing', async () => {
    const { click, trap } = await mailed()
    expect((await get(trap)).status).toBe(204)
    await get(click)
    expect(await score()).toBe(0)
  })

  it('takes back what clicks right before it gave, once', async () => {
    const { click, trap } = await mailed()
    await get(click)
    await get(click)
    expect(await score()).toBe(20)
    await get(trap)
    await get(trap)
    expect(await score()).toBe(0)
    expect((await happenings()).filter((name) => name.startsWith('Points taken back'))).toHaveLength(2)
    const { entries } = (await server.ask('GET', `/api/contacts/${(await ada()).id}/score`)).body as {
      entries: readonly object[]
    }
    expect(entries).toMatchObject([{ by: -10, after: 0 }, { by: -10 }, { by: 10 }, { by: 10 }])
  })

  it('leaves alone what a person clicked before and clicks later', async () => {
    const { click, trap } = await mailed()
    await get(click)
    await server.ask('POST', '/api/clock', { advance: 'PT11S' })
    await get(trap)
    expect(await score()).toBe(10)
    await get(click)
    expect(await score()).toBe(10)
    await server.ask('POST', '/api/clock', { advance: 'PT11S' })
    await get(click)
    expect(await score()).toBe(20)
  })

  it('makes a mail count as not clicked', async () => {
    const mails = [await mailed(), await mailed(), await mailed()]
    const [first, second, third] = mails as [Links, Links, Links]
    await get(first.click)
    await get(first.trap)
    await get(second.click)
    await get(third.click)
    expect((await ada()).lists).not.toContain('Keen')
    await server.ask('POST', '/api/clock', { advance: 'PT1M' })
    await get(first.click)
    expect((await ada()).lists).toContain('Keen')
  })
})

describe('segments that ask for clicks', () => {
  const put = (name: string, when: Condition) => server.ask('PUT', `/api/segments/${name}`, { when })
  const segments = async () => {
    const { body } = await server.ask('GET', `/api/contacts/${(await ada()).id}`)
    return (body as { readonly segments: readonly string[] }).segments
  }

  it('are left at once when the trap tells that a machine clicked', async () => {
    await put('Twice', { count: { event: 'email.clicked' }, operator: '>=', value: 2 })
    await put('Last', { clicked: 1, ofLast: 1 })
    await server.settled()
    const { click, trap } = await mailed()
    await get(click)
    await get(click)
    expect(await segments()).toEqual(['Last', 'Twice'])
    await get(trap)
    expect(await segments()).toEqual([])
  })
})

describe('an open', () => {
  it('answers a picture of one point, and is told', async () => {
    const { open } = await mailed()
    const { status, headers } = await get(open)
    expect([status, headers.get('content-type')]).toEqual([200, 'image/gif'])
    expect(await happenings()).toContain('email.opened')
    expect(await score()).toBe(0)
  })

  it("by Gmail's proxy is a program's", async () => {
    const { open } = await mailed()
    await get(open, {
      'user-agent':
        'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    })
    expect(await happenings()).not.toContain('email.opened')
  })
})

describe('unsubscribing', () => {
  it('asks first, so that a scanner that follows all links unsubscribes nobody', async () => {
    const { unsubscribe } = await mailed()
    const { status, text, headers } = await get(unsubscribe)
    expect(status).toBe(200)
    expect(text).toContain('<form method="post">')
    expect(text).not.toContain('<script')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await ada()).consent.email.status).toBe('subscribed')
  })

  it('happens with one click of the mail program, twice is fine, and ends all mail', async () => {
    const { unsubscribe } = await mailed()
    const oneClick = { 'content-type': 'application/x-www-form-urlencoded' }
    for (let n = 0; n < 2; n++)
      expect((await server.anyone('POST', unsubscribe, 'List-Unsubscribe=One-Click', oneClick)).status).toBe(
        200,
      )
    expect((await ada()).consent.email).toMatchObject({ status: 'unsubscribed', source: 'unsubscribe link' })
    expect((await happenings()).filter((name) => name === 'Unsubscribed')).toHaveLength(1)
    await server.send('track', { userId: 'ada', event: 'go' })
    await server.settled()
    expect((await server.ask('GET', '/api/messages?status=skipped')).body).toMatchObject({
      items: [{ journey: 'mail', reason: expect.stringContaining('unsubscribed') }],
    })
  })

  it('does not happen with a token for something else', async () => {
    const { click, unsubscribe } = await mailed()
    const other = click.replace('/t/c/', '/u/')
    expect((await server.anyone('POST', other)).status).toBe(404)
    expect((await server.anyone('POST', `${unsubscribe}x`)).status).toBe(404)
    expect((await ada()).consent.email.status).toBe('subscribed')
  })

  it('of somebody who was erased finds nothing, and their links lead nowhere', async () => {
    const { click, unsubscribe, trap, open } = await mailed()
    await server.ask('DELETE', `/api/contacts/${(await ada()).id}`)
    expect((await server.anyone('POST', unsubscribe)).status).toBe(404)
    expect((await get(click)).status).toBe(404)
    expect((await get(trap)).status).toBe(204)
    expect((await get(open)).status).toBe(200)
    expect(server.reported).toEqual([])
  })

  it('shows the name of the company, whatever it is', async () => {
    await server.stop()
    server = await startInstallation({ COMPANY_NAME: '<b>Acme & "Sons"</b>' })
    const token = encodeToken({ kind: 'unsubscribe', message: '1.1/mail/1' }, server.deps.secret)
    expect((await get(`/u/${token}`)).text).toContain('&lt;b&gt;Acme &amp; &quot;Sons&quot;&lt;/b&gt;')
  })
})
