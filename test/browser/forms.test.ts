// The forms beside the canvas, as somebody fills them in: what is typed stands in the stored file, right or wrong.
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STEP_KINDS, type Journey, type Step } from '../../engine/index.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'
import { awaited, calls, email, end, join, move, quit, sms, stage, tells, update } from '../support/steps.ts'

let opened: SignedIn
let count = 0

beforeAll(async () => {
  opened = await signedIn()
})
afterAll(() => opened?.stop())

/** A journey of its own for each test, opened at one of its steps. */
async function inForm(
  states: { readonly [id: string]: Step },
  select: string,
  fill: (form: Locator, stored: () => Promise<Journey>, page: Page) => Promise<void>,
  parts: Partial<Journey> = {},
): Promise<void> {
  const id = `form-${++count}`
  await opened.api.must(
    'PUT',
    `/journeys/${id}`,
    journeyOf(states, { on: { started: triggerTo(Object.keys(states)[0] ?? 'end') }, ...parts, id }),
  )
  const stored = async () =>
    (await opened.api.must<{ readonly draft: Journey }>('GET', `/journeys/${id}`)).draft
  await opened.look(`/journeys/${id}`, async (page, complaints) => {
    await page.getByRole('region', { name: 'Outline' }).locator(`[data-step="${select}"]`).click()
    const form = page.getByRole('complementary', { name: 'Settings of what is selected' })
    await form.waitFor()
    await fill(form, stored, page)
    expect(complaints).toEqual([])
  })
}

/** Chooses from a list that opens. */
async function choose(form: Locator, field: string, option: string): Promise<void> {
  await form.getByRole('combobox', { name: field, exact: true }).click()
  await form.page().getByRole('option', { name: option, exact: true }).click()
}

const field = (form: Locator, name: string) => form.getByRole('textbox', { name, exact: true })
const entry = async (stored: () => Promise<Journey>, id: string) => (await stored()).states[id]?.entry?.params

describe('a form', () => {
  test('stores what is typed as one types, keeps what is wrong with the reason, and undoes by the word', () =>
    inForm({ points: update('end', { add: 10 }), end }, 'points', async (form, stored, page) => {
      const amount = field(form, 'How much')
      await amount.fill('1x')
      await form.getByText('This is not a number yet.').waitFor()
      await expect.poll(() => entry(stored, 'points')).toEqual({ attribute: 'SCORE', add: '1x' })
      await amount.fill('12.')
      await expect.poll(() => entry(stored, 'points')).toEqual({ attribute: 'SCORE', add: 12 })
      expect(await amount.inputValue()).toBe('12.')
      await amount.pressSequentially('5')
      await choose(form, 'How', 'Take away')
      await form.getByRole('checkbox', { name: 'Never below a number' }).check()
      await expect
        .poll(() => entry(stored, 'points'))
        .toEqual({ attribute: 'SCORE', subtract: 12.5, floor: 0 })

      await field(form, 'Name on the card').pressSequentially('Lost interest')
      await expect.poll(async () => (await stored()).states['points']?.meta?.label).toBe('Lost interest')
      await page.getByRole('button', { name: 'Undo' }).click()
      expect(await field(form, 'Name on the card').inputValue()).toBe('Lost ')
      await page.getByRole('button', { name: 'Undo' }).click()
      expect(await field(form, 'Name on the card').inputValue()).toBe('')
      await expect.poll(async () => (await stored()).states['points']?.meta?.label).toBeUndefined()
    }))

  test('shows a length of several units in words, a line for each, and keeps both while one is typed', () =>
    inForm(
      { pause: { meta: { kind: 'wait' }, after: { P1DT12H: 'end' } }, end },
      'pause',
      async (form, stored) => {
        const delay = async () => Object.keys((await stored()).states['pause']?.after ?? {})
        const [days, hours] = ['days', 'hours'].map((unit) => field(form, `How long, the ${unit}: how many`))
        expect([await days!.inputValue(), await hours!.inputValue()]).toEqual(['1', '12'])
        expect(await form.innerHTML()).not.toContain('P1DT12H')
        await hours!.fill('')
        await form.getByText('A whole number above 0 is needed.').waitFor()
        await hours!.fill('6')
        await expect.poll(delay).toEqual(['P1DT6H'])
        await choose(form, 'How long, the hours: minutes, hours or days', 'minutes')
        await expect.poll(delay).toEqual(['P1DT6M'])
        await form.getByRole('button', { name: 'Without the days' }).click()
        await expect.poll(delay).toEqual(['PT6M'])
        expect(await field(form, 'How long: how many').inputValue()).toBe('6')
      },
    ))

  test('says what is needed where a part is wrong, in words', () =>
    inForm(
      { pause: { meta: { kind: 'wait' }, after: { 'between 10:00-10:00': 'end' } }, end },
      'pause',
      async (form, stored) => {
        // At the field, and in the list of what is wrong.
        const needed = form.getByText('Two times of day are needed that differ')
        await expect.poll(() => needed.count()).toBe(2)
        const closes = form.getByRole('combobox', { name: 'To', exact: true })
        await closes.fill('17:30')
        await closes.blur()
        await expect
          .poll(async () => Object.keys((await stored()).states['pause']?.after ?? {}))
          .toEqual(['between 10:00-17:30'])
        await expect.poll(() => needed.count()).toBe(0)
      },
    ))

  test('gives the focus back where it came from with Escape', () =>
    inForm({ points: update('end'), end }, 'points', async (form, _, page) => {
      const line = page.getByRole('region', { name: 'Outline' }).locator('[data-step=points]')
      await line.focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => form.locator(':focus').count()).toBe(1)
      await page.keyboard.press('Escape')
      await expect.poll(() => line.evaluate((item) => item === document.activeElement)).toBe(true)
    }))

  test('leads a step elsewhere, and ends it', () =>
    inForm(
      { points: update('list'), list: join('more'), more: update('last'), last: update('end'), end },
      'points',
      async (form, stored) => {
        await choose(form, 'Continue at', 'Adds 5 points (2)')
        await expect.poll(async () => (await stored()).states['points']?.always).toBe('last')
        await choose(form, 'Continue at', 'The journey ends here')
        await expect.poll(async () => (await stored()).states['points']?.always).toBe('end2')
      },
    ))
})

describe('steps', () => {
  test('a wait is for a length of time, until a time on weekdays, within a window, or about a date', () =>
    inForm(
      { pause: { meta: { kind: 'wait' }, after: { P1D: 'end' } }, end },
      'pause',
      async (form, stored) => {
        const delay = async () => Object.keys((await stored()).states['pause']?.after ?? {})[0]
        await form.getByRole('textbox', { name: 'How long: how many' }).fill('36')
        await choose(form, 'How long: minutes, hours or days', 'hours')
        await expect.poll(delay).toBe('PT36H')
        await choose(form, 'Wait', 'until a time of day')
        await form.getByRole('combobox', { name: 'Until' }).fill('5 pm')
        await form.getByRole('button', { name: 'Friday' }).click()
        await expect.poll(delay).toBe('at 17:00 mon-thu')
        await form
          .getByText('Waits until 17:00 on Monday, Tuesday, Wednesday or Thursday, contact’s time')
          .waitFor()
        await choose(form, 'Wait', 'for a time within a window')
        await expect.poll(delay).toBe('between 09:00-17:00 mon-fri')
        await choose(form, 'Wait', 'for a date of the contact')
        await form.getByText('Which date?').waitFor()
        await form.getByRole('combobox', { name: 'Date' }).fill('Renewal date')
        await form.getByRole('switch', { name: 'Every year again' }).check()
        await expect.poll(delay).toBe('date RENEWAL_DATE yearly -P7D at 09:00')
      },
    ))

  test('bands are made of numbers, and each keeps what follows it', () =>
    inForm(
      {
        check: {
          meta: { kind: 'condition' },
          always: [
            { target: 'vip', guard: { type: 'holds', params: { when: { all: [] } } } },
            { target: 'end' },
          ],
        },
        vip: join('end', 'VIP'),
        end,
      },
      'check',
      async (form, stored) => {
        await form.getByRole('button', { name: 'Divide by a number' }).click()
        await form.getByRole('textbox', { name: 'Band 2: number' }).fill('fifty')
        await form.getByText('Every line needs a number, and each number once.').waitFor()
        await form.getByRole('textbox', { name: 'Band 2: number' }).fill('50')
        await form.getByRole('combobox', { name: 'Band 1: from or over' }).selectOption('over')
        await form.getByText('Score: over 80 · 50 to 80 · 20 to under 50 · everyone else under 20').waitFor()
        await form.getByRole('button', { name: 'Make these ways' }).click()
        await expect
          .poll(async () => (await stored()).states['check']?.always)
          .toMatchObject([
            { target: 'vip', guard: { params: { when: { field: 'SCORE', operator: '>', value: 80 } } } },
            { guard: { params: { when: { field: 'SCORE', operator: '>=', value: 50 } } } },
            { guard: { params: { when: { field: 'SCORE', operator: '>=', value: 20 } } } },
            { target: 'end' },
          ])
        await form.getByRole('button', { name: 'More for “Score is at least 50”' }).click()
        await form.page().getByRole('menuitem', { name: 'Remove, with what only it leads to' }).click()
        await expect.poll(async () => (await stored()).states['check']?.always).toHaveLength(3)
      },
    ))

  test('the shares of a split show their sum; of two the other follows', () =>
    inForm(
      {
        split: {
          meta: { kind: 'split' },
          always: [
            { target: 'a', guard: { type: 'share', params: { from: 0, to: 50 } } },
            { target: 'b', guard: { type: 'share', params: { from: 50, to: 100 } } },
          ],
        },
        a: join('end', 'A'),
        b: join('end', 'B'),
        end,
      },
      'split',
      async (form, stored) => {
        const shares = async () =>
          [(await stored()).states['split']?.always ?? []].flat().map((way) =>
            JSON.stringify(way)
              .match(/"from":([\d.]+),"to":([\d.]+)/)
              ?.slice(1)
              .join('-'),
          )
        await form.getByRole('textbox', { name: 'Percent A' }).fill('70')
        await expect.poll(shares).toEqual(['0-70', '70-100'])
        await form.getByRole('button', { name: 'Hold some out' }).click()
        await expect.poll(shares).toEqual(['0-60', '60-90', '90-100'])
        await form.getByRole('textbox', { name: 'Percent A' }).fill('40')
        await form.getByText('20 % are missing').waitFor()
        await form.getByRole('button', { name: 'Share evenly' }).click()
        await expect.poll(shares).toEqual(['0-34', '34-67', '67-100'])
      },
    ))

  test('a wait for something waits for several things, and for no longer than is said', () =>
    inForm(
      {
        mail: email('until'),
        until: {
          meta: { kind: 'waitFor' },
          on: {
            'email.clicked': {
              target: 'points',
              guard: { type: 'holds', params: { when: { message: 'mail', was: 'clicked' } } },
            },
          },
          after: { P3D: 'end' },
        },
        points: update('end'),
        end,
      },
      'until',
      async (form, stored, page) => {
        await choose(form, 'What happens to it', 'it is opened')
        await form.getByRole('button', { name: 'Or something else' }).click()
        await page.getByRole('menuitem', { name: 'An event' }).click()
        await form.getByRole('combobox', { name: 'Event', exact: true }).fill('order_placed')
        await page.keyboard.press('Escape')
        await form.getByRole('textbox', { name: 'How long: how many' }).fill('5')
        await expect
          .poll(async () => (await stored()).states['until'])
          .toEqual({
            meta: { kind: 'waitFor' },
            on: {
              'email.opened': {
                target: 'points',
                guard: { type: 'holds', params: { when: { message: 'mail', was: 'opened' } } },
              },
              order_placed: 'points',
            },
            after: { P5D: 'end' },
          })
        await form.getByRole('button', { name: 'More for “Order placed”' }).click()
        await page.getByRole('menuitem', { name: 'Do not wait for this' }).click()
        await expect
          .poll(async () => Object.keys((await stored()).states['until']?.on ?? {}))
          .toEqual(['email.opened'])
      },
    ))

  test('a message that cannot be sent goes a way of its own, and back', () =>
    inForm({ text: sms('points'), points: update('end'), end }, 'text', async (form, stored) => {
      await choose(form, 'If it cannot be sent', 'goes a way of its own')
      await expect
        .poll(async () => (await stored()).states['text'])
        .toMatchObject({ on: { 'step.done': 'points', 'step.failed': 'end2' }, after: { P1D: 'points' } })
      await form.getByRole('combobox', { name: 'Could not be sent: continue at' }).waitFor()
      await choose(form, 'If it cannot be sent', 'goes on like all the others')
      await choose(form, 'Goes on', 'at once')
      await expect.poll(async () => (await stored()).states['text']?.always).toBe('points')
      expect(Object.keys((await stored()).states)).not.toContain('end2')
    }))

  test('a webhook sends a table or JSON, and keeps parts of the answer', () =>
    inForm(
      {
        call: {
          meta: { kind: 'webhook' },
          entry: { type: 'callWebhook', params: { url: '', method: 'POST' } },
          on: { 'step.done': 'end', 'step.failed': 'end' },
          after: { P1D: 'end' },
        },
        end,
      },
      'call',
      async (form, stored, page) => {
        await field(form, 'Address').fill('https://crm.example.com/people')
        await form.getByRole('button', { name: 'Add a value' }).click()
        await form.getByRole('combobox', { name: 'Name 1' }).fill('who')
        await form.getByRole('textbox', { name: 'Value 1' }).pressSequentially('{{ contact.FIRSTNAME }}')
        await form.getByRole('button', { name: 'Keep something' }).click()
        await form.getByRole('combobox', { name: 'Attribute 1' }).fill('Crm tier')
        await form.getByRole('textbox', { name: 'Part of the answer 1' }).fill('customer.tier')
        await expect
          .poll(() => entry(stored, 'call'))
          .toEqual({
            url: 'https://crm.example.com/people',
            method: 'POST',
            body: { who: '{{ contact.FIRSTNAME }}' },
            store: { CRM_TIER: '/customer/tier' },
          })
        await form.getByText('JSON', { exact: true }).click()
        await form.getByRole('textbox', { name: 'JSON' }).fill('{ "list": [1, ')
        await form.getByText('This is not JSON yet.').waitFor()
        await form.getByRole('textbox', { name: 'JSON' }).fill('{ "list": [1, 2] }')
        await expect.poll(() => entry(stored, 'call')).toMatchObject({ body: { list: [1, 2] } })
        // Within a text of JSON, a field with a fallback needs its quotation marks escaped.
        await form.getByRole('textbox', { name: 'JSON' }).fill('{ "who": "" }')
        for (let count = 0; count < 3; count++) await page.keyboard.press('ArrowLeft')
        await form.getByRole('button', { name: 'Insert a field: JSON' }).click()
        await page.getByRole('option', { name: 'First name' }).click()
        await page.getByRole('textbox', { name: 'If there is none, write' }).fill('friend')
        await page.getByRole('button', { name: 'Insert', exact: true }).click()
        await expect
          .poll(() => entry(stored, 'call'))
          .toMatchObject({ body: { who: '{{ contact.FIRSTNAME | default: "friend" }}' } })
        // Address and headers take fields from the same menu.
        await form.getByRole('button', { name: 'Insert a field: Address' }).click()
        await page.getByRole('option', { name: 'E-mail' }).click()
        await form.getByRole('button', { name: 'Add a header' }).click()
        await form.getByRole('combobox', { name: 'Header 1' }).fill('X-Score')
        await form.getByRole('button', { name: 'Insert a field: Value 1' }).click()
        await page.getByRole('option', { name: 'Score' }).click()
        await expect
          .poll(() => entry(stored, 'call'))
          .toMatchObject({
            url: expect.stringMatching(/\{\{ contact\.email \}\}/i),
            headers: { 'X-Score': '{{ contact.SCORE }}' },
          })
      },
    ))

  test('a move to a list offers to leave the other bands', () =>
    inForm(
      {
        one: move('two', 'Warm leads'),
        two: move('three', 'New leads'),
        three: join('end', 'Newsletter'),
        end,
      },
      'one',
      async (form, stored) => {
        await form.getByRole('button', { name: 'Also take off “New leads”, “Newsletter”' }).click()
        await expect
          .poll(() => entry(stored, 'one'))
          .toEqual({ list: 'Warm leads', from: ['New leads', 'Newsletter'] })
      },
    ))
})

describe('who enters', () => {
  test('a start is chosen from all that happens, with what it is about', () =>
    inForm({ points: update('end'), end }, 'outside', async (form, stored, page) => {
      await form.getByRole('button', { name: 'Started' }).click()
      await choose(form, 'What starts it', 'Score crosses a number')
      await field(form, 'Number').fill('50')
      await choose(form, 'How', 'falls below')
      await expect
        .poll(async () => (await stored()).on)
        .toEqual({
          'score.changed': {
            target: '.points',
            guard: { type: 'mayEnter', params: { when: { crossed: 50, direction: 'down' } } },
          },
        })
      await choose(form, 'What starts it', 'An event by its name…')
      await field(form, 'Name of the event').pressSequentially('order_placed')
      await field(form, 'Name on the card').fill('Buys')
      await expect
        .poll(async () => (await stored()).on)
        .toEqual({
          order_placed: { target: '.points', guard: { type: 'mayEnter' }, meta: { label: 'Buys' } },
        })
      await form.getByRole('button', { name: 'Everything about who enters' }).click()
      await form.getByRole('button', { name: 'Add another start' }).click()
      await page.getByRole('menuitem', { name: 'Something else…' }).click()
      await choose(form, 'What starts it', 'No activity for a while')
      await expect
        .poll(async () => (await stored()).on['time.due'])
        .toEqual({ target: '.points', guard: { type: 'mayEnter', params: { at: 'inactive P30D' } } })
      await form.getByRole('button', { name: 'Remove this start' }).click()
      await expect.poll(async () => Object.keys((await stored()).on)).toEqual(['order_placed'])
      await page.getByRole('heading', { name: 'Who enters' }).first().waitFor()
    }))

  test('how often somebody enters are four sentences; goal and exits have conditions and ways', () =>
    inForm({ points: update('end'), end }, 'outside', async (form, stored, page) => {
      await form.getByRole('radio', { name: 'Start over from the top' }).check()
      await form.getByRole('checkbox', { name: 'Not again within a while' }).check()
      await form.getByRole('textbox', { name: 'Not again within: how many' }).fill('2')
      await form.getByRole('checkbox', { name: 'This journey has a goal' }).check()
      await expect
        .poll(async () => (await stored()).meta)
        .toMatchObject({ reentry: { policy: 'restart', cooldown: 'P2D' }, goal: { when: { all: [] } } })
      await choose(form, 'Then', 'goes a way of its own')
      await expect.poll(async () => (await stored()).meta.goal?.to).toBe('end2')
      await field(form, 'Description').fill('Why it is there')
      await expect.poll(async () => (await stored()).meta.description).toBe('Why it is there')
      const { violations } = await new AxeBuilder({ page }).include('#inspector').analyze()
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
    }))

  test('a journey that counts every time asks at once when it begins to wait', () =>
    inForm({ points: update('end'), end }, 'points', async (form, stored, page) => {
      await page.getByRole('region', { name: 'Outline' }).locator('[data-step=points]').focus()
      await page.keyboard.press('a')
      await page.keyboard.type('wait')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const question = form.getByRole('region', { name: 'What if somebody comes a second time?' })
      await question.getByRole('button', { name: 'Again after leaving' }).click()
      await question.waitFor({ state: 'detached' })
      await expect.poll(async () => (await stored()).meta.reentry).toEqual({ policy: 'afterExit' })
    }))
})

/** One step of every kind, each behind the one before. */
const EVERY_KIND: { readonly [id: string]: Step } = {
  points: update('pause', { add: { event: 'quantity', times: 5 }, cap: { points: 100, per: '3 emails' } }),
  pause: { meta: { kind: 'wait' }, after: { 'date RENEWAL_DATE yearly -P7D at 09:00': 'list' } },
  list: join('quits'),
  quits: quit('moves'),
  moves: move('stages', 'Warm leads', 'New leads'),
  stages: stage('letter'),
  letter: email('text'),
  text: awaited(sms('until'), 'until', 'crm'),
  until: {
    meta: { kind: 'waitFor' },
    on: { 'email.clicked': 'check', order_placed: 'check' },
    always: [{ target: 'check', guard: { type: 'holds', params: { when: { list: 'VIP' } } } }],
    after: { P3D: 'end' },
  },
  check: {
    meta: { kind: 'condition' },
    always: [
      {
        target: 'crm',
        guard: { type: 'holds', params: { when: { field: 'SCORE', operator: '>', value: 80 } } },
      },
      { target: 'split' },
    ],
  },
  crm: awaited(calls('team', { CRM_TIER: '/tier' }), 'team', 'team'),
  team: tells('leave'),
  split: {
    meta: { kind: 'split' },
    always: [
      { target: 'starts', guard: { type: 'share', params: { from: 0, to: 60 } } },
      { target: 'fade', guard: { type: 'share', params: { from: 60, to: 100 } } },
    ],
  },
  starts: {
    meta: { kind: 'startJourney' },
    entry: { type: 'startJourney', params: { journey: 'guide', properties: { plan: 'pro' } } },
    always: 'end',
  },
  fade: {
    meta: { kind: 'decay' },
    after: {
      'inactive P30D': {
        target: 'fade',
        reenter: true,
        actions: [{ type: 'updateAttribute', params: { attribute: 'SCORE', subtract: 10, floor: 0 } }],
      },
    },
  },
  leave: { meta: { kind: 'leave' }, always: 'end' },
  end,
}

/** Those whose forms have all the fields there are. */
const RICH = ['points', 'pause', 'moves', 'text', 'until', 'check', 'crm', 'split']

test('the form of every kind can be read by everybody, in light and dark', () =>
  inForm(EVERY_KIND, 'points', async (form, _, page) => {
    expect(new Set(Object.values(EVERY_KIND).map(({ meta }) => meta?.kind ?? 'end'))).toEqual(
      new Set(Object.keys(STEP_KINDS)),
    )
    for (const [index, id] of Object.keys(EVERY_KIND).entries()) {
      await page.emulateMedia({ colorScheme: index % 2 === 0 ? 'light' : 'dark' })
      await page.getByRole('region', { name: 'Outline' }).locator(`[data-step="${id}"]`).click()
      const closed = form.locator('li button[aria-expanded=false]:not([aria-haspopup])')
      while ((await closed.count()) > 0) await closed.first().click()
      expect(await form.getByText('undefined').count()).toBe(0)
      if (!RICH.includes(id)) continue
      const { violations } = await new AxeBuilder({ page })
        .include('#inspector')
        .options({ resultTypes: ['violations'] })
        .analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id: rule, nodes }) => [id, rule, nodes.map(({ html }) => html)])).toEqual([])
    }
  }))

test('on a small screen the form comes from below, and lets see what it is about', () =>
  inForm({ points: update('end'), end }, 'points', async (form, _, page) => {
    for (const width of [390, 768]) {
      await page.setViewportSize({ width, height: 844 })
      await expect.poll(async () => Math.round((await form.boundingBox())?.width ?? 0)).toBe(width)
      const box = await form.boundingBox()
      expect(box?.y).toBeGreaterThan(200)
      expect(Math.round((box?.y ?? 0) + (box?.height ?? 0))).toBe(844)
    }
    await form.getByRole('button', { name: 'Close' }).click()
    await form.waitFor({ state: 'detached' })
  }))
