// The page as people use it: a real server, a real browser, found by role and label.
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Journey, Step } from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { END } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { loginLink } from '../support/login.ts'
import type { ServerProcess } from '../support/serverProcess.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'

const HOSTILE = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>'
const SIZES = { desktop: [1440, 900], tablet: [768, 1024], phone: [390, 844] } as const

/** One message of every kind that is no mail to the person. */
const TELLS_ALL: Journey = {
  id: 'tells-all',
  meta: { format: 1, name: 'Tells everybody' },
  context: {},
  initial: 'outside',
  on: { told: { target: '.text', guard: { type: 'mayEnter' } } },
  states: {
    outside: {},
    text: {
      meta: { kind: 'sms' },
      entry: {
        type: 'sendSms',
        params: {
          text: 'Hello {{ contact.FIRSTNAME }}, and a text that is a little too long for one SMS, but not for two.',
          messageType: 'promotional',
        },
      },
      always: 'call',
    },
    call: {
      meta: { kind: 'webhook' },
      entry: {
        type: 'callWebhook',
        params: {
          url: 'https://crm.acme.io/people',
          method: 'POST',
          headers: { 'X-Key': 'k' },
          body: { who: '{{ contact.FIRSTNAME }}' },
        },
      },
      always: 'team',
    },
    team: {
      meta: { kind: 'notify' },
      entry: {
        type: 'notify',
        params: { to: ['sales@acme.io'], subject: 'Look at {{ contact.FIRSTNAME }}', text: 'Now.' },
      },
      always: 'end',
    },
    end: { type: 'final' },
  },
}

let opened: SignedIn
let server: ServerProcess
let browser: Browser
let api: SignedIn['api']
let look: SignedIn['look']

beforeAll(async () => {
  opened = await signedIn({ COMPANY_NAME: 'Northwind Traders' })
  ;({ server, browser, api, look } = opened)
  await aWeekOfEvents()
})

afterAll(() => opened?.stop())

/** Ada signs up, looks at prices and asks for a quote; Layla signs up; Rob has a hostile name. */
async function aWeekOfEvents(): Promise<void> {
  await api.identify('ada', { email: 'ada@acme-shipping.io', firstName: 'Ada', lastName: 'Lovelace' })
  await api.identify('layla', { email: 'layla@acme-shipping.io', firstName: 'ليلى' })
  await api.identify('rob', { email: 'rob@acme-shipping.io', firstName: HOSTILE, note: HOSTILE })
  for (const person of ['ada', 'layla', 'rob']) await api.track(person, 'newsletter_subscribed')
  await api.track('ada', 'page_viewed', { path: '/pricing' })
  await api.track('rob', 'page_viewed', { path: HOSTILE })
  await api.advance('P2D')
  await api.track('ada', 'quote_requested', { seats: 25 })
}

/** Waits until it can be seen; throws where that does not happen. */
async function appears(what: Locator): Promise<true> {
  await what.waitFor()
  return true
}

describe('getting in', () => {
  test('without a session the page says how, and a used link says that it is used', async () => {
    const stranger = await browser.newContext()
    const page = await stranger.newPage()
    await page.goto(`${server.url}/contacts`)
    await page.getByRole('heading', { name: 'Come on in' }).waitFor()
    await page.getByText('npm run login').waitFor()

    const link = loginLink(server)
    await page.goto(link)
    await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
    expect(page.url(), 'the token must not stay in the address').not.toContain('login')

    const other = await browser.newContext()
    const late = await other.newPage()
    await late.goto(link)
    await late.getByText('That link was used already').waitFor()
    await Promise.all([stranger.close(), other.close()])
  })

  test('signing out leads back to the way in', async () => {
    const leaving = await browser.newContext()
    const page = await leaving.newPage()
    await page.goto(loginLink(server))
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Come on in' }).waitFor()
    await page.goto(`${server.url}/contacts`)
    expect(await appears(page.getByRole('heading', { name: 'Come on in' }))).toBe(true)
    await leaving.close()
  })
})

describe('journeys', () => {
  test('stand by stage, each with its name, and the state of sending is always visible', () =>
    look('/', async (page) => {
      for (const name of JOURNEY_NAMES)
        await page.getByRole('link', { name: shippedJourney(name).meta.name }).waitFor()
      const stages = await page.getByRole('heading', { level: 2 }).allTextContents()
      expect(stages.slice(0, 3)).toEqual(['Awareness', 'Engagement', 'Consideration'])
      await page.getByRole('button', { name: /^Sandbox \d+ \w+$/ }).waitFor()
      await page
        .getByText(/The clock here says .* no message ever leaves/)
        .first()
        .waitFor()
      await page.getByText('Northwind Traders').first().waitFor()
    }))

  test.each(JOURNEY_NAMES)('%s is drawn with every step, and the outline says the same', (name) =>
    look(`/journeys/${name}`, async (page, complaints) => {
      await page.setViewportSize({ width: 1440, height: 900 })
      const journey = shippedJourney(name)
      const drawing = page.getByRole('application', { name: `Drawing of “${journey.meta.name}”` })
      await drawing.waitFor()
      await page.getByRole('button', { name: 'Show everything' }).click()
      const outline = page.getByRole('region', { name: 'Outline' })
      for (const [, step] of Object.entries(journey.states).filter(([id]) => id !== 'outside')) {
        const label = step.meta?.label ?? ''
        await drawing.getByText(label, { exact: true }).first().waitFor()
        await outline.getByText(label, { exact: true }).first().waitFor()
      }
      expect(await drawing.innerText()).not.toMatch(/>=|<=|\bPT?\d+[DHM]\b|[{}]/)
      expect(complaints).toEqual([])
    }),
  )

  test('show how many people are at a step, and the number moves by itself', () =>
    look('/journeys/welcome', async (page) => {
      const inside = page.getByRole('definition').first()
      await inside.getByText('3', { exact: true }).waitFor()
      await api.identify('newcomer', { email: 'newcomer@acme-shipping.io' })
      await api.track('newcomer', 'newsletter_subscribed')
      await inside.getByText('4', { exact: true }).waitFor({ timeout: 10_000 })
      expect(await appears(page.getByTitle('4 people here now').first())).toBe(true)
    }))

  test('on a phone, or zoomed in, the journey reads as an outline and says why it cannot be changed', () =>
    look('/journeys/fast-track', async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByText('This window has room to read the journey').waitFor()
      await page.getByRole('region', { name: 'Outline' }).getByText('Qualified already?').waitFor()
      expect(await page.getByRole('application').count()).toBe(0)
      await page.setViewportSize({ width: 768, height: 844 })
      await page.getByText('This window has room to read').waitFor({ state: 'detached' })
    }))

  test('a step chosen in the outline is shown in the drawing, also by keyboard', () =>
    look('/journeys/acquisition', async (page) => {
      await page.setViewportSize({ width: 1440, height: 900 })
      const last = page
        .getByRole('region', { name: 'Outline' })
        .getByRole('button', { name: 'Thank you' })
        .first()
      await last.focus()
      await page.keyboard.press('Enter')
      expect(await last.getAttribute('aria-current')).toBe('true')
      const card = page.getByRole('application').getByText('Thank you', { exact: true }).first()
      await expect.poll(async () => (await card.boundingBox())?.y ?? Infinity).toBeLessThan(900)
    }))
})

describe('contacts', () => {
  test('are found by name, and a search survives a reload', () =>
    look('/contacts', async (page) => {
      await page.getByLabel('Search by name, address or id').fill('lovelace')
      await page.getByRole('link', { name: 'ليلى' }).waitFor({ state: 'detached' })
      await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
      expect(page.url()).toContain('search=lovelace')
      await page.reload()
      await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
      expect(await page.getByRole('row').count()).toBe(2)
    }))

  test('who matches nothing is told so, with a way back', () =>
    look('/contacts?search=nobody-of-that-name', async (page) => {
      await page.getByText('There is no contact for “nobody-of-that-name”.').waitFor()
      await page.getByRole('button', { name: 'Show everybody' }).click()
      expect(await appears(page.getByRole('link', { name: 'Ada Lovelace' }))).toBe(true)
    }))

  test('one contact shows the score, its chart, every change with its reason, and why a journey did not start', async () => {
    const { id } = await api.contact('ada')
    await look(`/contacts/${id}`, async (page, complaints) => {
      await page.getByRole('heading', { name: 'Ada Lovelace', level: 1 }).waitFor()
      await page.getByText('85', { exact: true }).first().waitFor()
      await page.getByText('Sales-qualified', { exact: true }).first().waitFor()
      await page.getByRole('img', { name: 'Score went from 0 to 85 in 3 changes.' }).waitFor()
      const history = page.getByRole('region', { name: 'Score history' })
      for (const by of ['+50', '+30', '+5']) await history.getByText(by, { exact: true }).waitFor()
      const timeline = page.getByRole('region', { name: 'What happened' })
      await timeline.getByText('Quote requested', { exact: true }).waitFor()
      await timeline
        .getByText(/did not start/)
        .first()
        .click()
      await timeline
        .getByText(/Not entered/)
        .first()
        .waitFor()
      await page
        .getByRole('region', { name: 'Journeys' })
        .getByText('at “Keep the place for 30 days”')
        .waitFor()
      expect(complaints).toEqual([])
    })
  })

  test('hostile names and properties are shown as text and harm nobody', async () => {
    const { id } = await api.contact('rob')
    await look(`/contacts/${id}`, async (page, complaints) => {
      await page.getByRole('heading', { name: HOSTILE }).waitFor()
      await page.getByRole('region', { name: 'What happened' }).getByText(HOSTILE).first().waitFor()
      expect(await page.evaluate(() => 'harmed' in window)).toBe(false)
      expect(complaints).toEqual([])
    })
  })
})

describe('the mailbox', () => {
  test('shows a mail as received, in two widths, as plain text, with its headers and links', () =>
    look('/mailbox', async (page) => {
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.getByLabel('Search by address').fill('ada@acme-shipping.io')
      await page.getByRole('link', { name: /layla@/ }).waitFor({ state: 'detached' })
      await page
        .getByRole('link', { name: /Welcome/ })
        .first()
        .click()
      const frame = page.getByTitle('The message “Welcome')
      await frame.waitFor()
      expect(await frame.getAttribute('sandbox')).toBe('')
      const wide = (await frame.boundingBox())?.width ?? 0
      await page.getByText('Phone', { exact: true }).click()
      await expect.poll(async () => (await frame.boundingBox())?.width).toBeLessThanOrEqual(390)
      expect(wide).toBeGreaterThan(600)
      const href = await page
        .getByRole('region', { name: 'Choose a message' })
        .getByRole('listitem')
        .first()
        .getByRole('link')
        .getAttribute('href')
      expect(href).toContain('/t/c/')
      await page.getByText('Plain text', { exact: true }).click()
      await page.getByText(/Hello Ada/).waitFor()
      await page.getByText('Headers', { exact: true }).click()
      await page.getByRole('rowheader', { name: /List-Unsubscribe$/i }).waitFor()
    }))

  test('shows SMS, calls to other systems and notices to the team beside the mail', async () => {
    await api.identify('layla', { phone: '+1 212 555 0142', consent: { sms: true } })
    await api.publish(TELLS_ALL)
    await api.track('layla', 'told')
    await look('/mailbox', async (page) => {
      const reader = page.getByRole('region', { name: 'Choose a message' })
      await page.getByRole('link', { name: /SMS.*Hello/ }).click()
      await reader.getByRole('heading', { name: 'SMS' }).waitFor()
      await reader.getByText('Hello ليلى').waitFor()
      await reader.getByText('Goes out as 2 SMS, joined on the phone').waitFor()
      await reader.getByRole('link', { name: '+12125550142' }).waitFor()
      await page.getByRole('link', { name: /crm\.acme\.io.*Webhook/ }).click()
      await reader.getByRole('heading', { name: 'Webhook, POST' }).waitFor()
      await reader.getByText('"who": "ليلى"').waitFor()
      await reader.getByRole('rowheader', { name: 'X-Key' }).waitFor()
      await page.getByRole('link', { name: /sales.*Look at/ }).click()
      await reader.getByRole('heading', { name: 'Look at ليلى' }).waitFor()
      await reader.getByRole('link', { name: 'About this person' }).click()
      expect(await appears(page.getByRole('heading', { name: 'ليلى', level: 1 }))).toBe(true)
    })
  })

  test('runs nothing that a mail contains', () =>
    look(`/mailbox?to=${encodeURIComponent('rob@acme-shipping.io')}`, async (page) => {
      await page
        .getByRole('link', { name: /Welcome/ })
        .first()
        .click()
      await page.getByTitle('The message “Welcome').waitFor()
      expect(await page.evaluate(() => 'harmed' in window)).toBe(false)
    }))
})

test('problems reassure when there are none, and name them when there are', async () => {
  await look('/problems', async (page) => {
    await page.getByRole('heading', { name: 'All is well' }).waitFor()
    await api.identify('impostor', { email: 'ada@acme-shipping.io' })
    await page.getByText('Two people, one address').waitFor({ timeout: 10_000 })
    const count = page.getByRole('link', { name: /Problems/ }).getByText('1', { exact: true })
    expect(await appears(count)).toBe(true)
  })
})

test('what a journey holds back stands among the problems, and is let go with two clicks', async () => {
  const mail: Step = {
    meta: { kind: 'email' },
    entry: { type: 'sendEmail', params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional' } },
    always: 'end',
  }
  const brakes = await api.must<object>('GET', '/brakes')
  await api.must('PUT', '/brakes', { ...brakes, firstHour: 0 })
  await api.publish(journeyOf({ mail, end: END }, { id: 'slow', on: { slow: triggerTo('mail') } }))
  await api.track('held', 'slow', {}, { context: { traits: { email: 'held@acme-shipping.io' } } })
  await look('/problems', async (page) => {
    await page.getByText('Messages are held back').waitFor({ timeout: 10_000 })
    await api.must('PUT', '/brakes', brakes)
    await page.getByRole('button', { name: 'Let them go' }).click()
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.getByRole('button', { name: 'Let them go' }).click()
    await page.getByRole('button', { name: 'Send them' }).click()
    await page.getByText('Messages are held back').waitFor({ state: 'detached', timeout: 10_000 })
  })
  expect(await api.must('GET', '/messages?status=held')).toMatchObject({ items: [] })
})

test('all sending is stopped by a click and a word, shown on every page, and started again', async () => {
  await look('/', async (page) => {
    const sending = page.getByRole('status').first()
    await sending.getByRole('button', { name: /Sandbox/ }).waitFor()
    await page.getByRole('button', { name: 'Stop all sending' }).click()
    expect(await appears(page.getByText('Journeys go on, and what they send waits here.'))).toBe(true)
    expect(await api.must('GET', '/sending')).toMatchObject({ stopped: false })
    await page.getByRole('button', { name: 'Stop now' }).click()
    await sending.getByRole('button', { name: 'Stopped' }).waitFor()
    expect(await api.must('GET', '/sending')).toMatchObject({ stopped: true, state: 'stopped' })
    await page.getByRole('button', { name: 'Start sending again' }).click()
    await page.getByRole('button', { name: 'Start now' }).click()
    await sending.getByRole('button', { name: /Sandbox/ }).waitFor()
  })
  expect(await api.must('GET', '/sending')).toMatchObject({ stopped: false })
})

test.each(['/nowhere', '/journeys/nowhere', '/contacts/c999999'])(
  'an address that does not exist leads back: %s',
  (address) =>
    look(address, async (page) => {
      await page.getByText('The address may be old.').waitFor()
      await page.getByRole('link', { name: 'To the journeys' }).click()
      expect(await appears(page.getByRole('heading', { name: 'Journeys', level: 1 }))).toBe(true)
    }),
)

test('back and forward go through the pages, and the keyboard can skip the navigation', () =>
  look('/', async (page) => {
    await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'Contacts', exact: true }).click()
    await page.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'Skip to the content' }).focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
  }))

const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  Object.entries(SIZES).map(([name, [width, height]]) => ({ name, colorScheme, width, height })),
)

test.each([
  '/',
  '/gallery',
  '/journeys?search=nothing',
  '/journeys/bands',
  '/contacts',
  'a contact',
  '/mailbox',
  'a mail',
  '/problems',
  '/nowhere',
])('%s fits desktop, tablet and phone in light and dark, and axe finds nothing', async (path) => {
  await look(await addressOf(path), async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' })
    // axe writes itself into every frame, and a sandboxed one refuses it for as long as axe waits.
    await page.evaluate(() => document.querySelectorAll('iframe').forEach((frame) => frame.remove()))
    for (const { name, colorScheme, width, height } of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height })
      await settled(page)
      expect(await page.getByRole('button', { name: 'Stop all sending' }).isVisible()).toBe(true)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
      expect({ name, colorScheme, overflow, found }).toEqual({ name, colorScheme, overflow: 0, found: [] })
    }
  })
})

/** After what a change of size or colour sets in motion has come to rest. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(250)
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)))
}

async function addressOf(path: string): Promise<string> {
  if (path === 'a contact') return `/contacts/${(await api.contact('ada')).id}`
  if (path !== 'a mail') return path
  const [mail] = await api.pages<{ readonly id: string }>('/mailbox')
  return `/mailbox/${encodeURIComponent(mail?.id ?? '')}`
}
