// E-mails and SMS as people write them: parts, fields, what they look like, a test, and what is saved of it all.
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Step } from '../../engine/index.ts'
import { END } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { LANGUAGES } from '../support/languages.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'

let opened: SignedIn
let count = 0

beforeAll(async () => {
  opened = await signedIn({ COMPANY_URL: 'https://acme.io' })
  const { api } = opened
  await api.identify('zoe', {
    email: 'zoe@acme.io',
    firstName: 'Zoë',
    city: 'Genève',
    phone: '+41 79 123 45 67',
  })
  await api.track('zoe', 'started', { plan: 'pro' })
})
afterAll(() => opened?.stop())

type Params = Readonly<Record<string, unknown>>

const mailStep = (params: Params): Step =>
  ({ meta: { kind: 'email' }, entry: { type: 'sendEmail', params }, always: 'end' }) as unknown as Step
const NEW_MAIL = { subject: '', body: [], messageType: 'promotional' }

/** Opens a journey of one step, with its form. */
function write(step: Step, see: (page: Page, form: Locator, saved: () => Promise<Params>) => Promise<void>) {
  return async () => {
    const id = `mail-${++count}`
    const { api } = opened
    const journey = journeyOf({ step, end: END }, { id, on: { started: triggerTo('step') } })
    await api.must('PUT', `/journeys/${id}`, journey)
    const saved = async () => {
      const { draft } = await api.must<{ draft: { states: { step: { entry: { params: Params } } } } }>(
        'GET',
        `/journeys/${id}`,
      )
      return draft.states.step.entry.params
    }
    await opened.look(`/journeys/${id}`, async (page, complaints) => {
      await openStep(page)
      await see(page, page.getByRole('complementary', { name: 'Settings of what is selected' }), saved)
      expect(complaints).toEqual([])
    })
  }
}

/** Opens the form of the step; while the drawing is still finding its place, a click may miss its card. */
async function openStep(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      await page.locator('.react-flow__node[data-id=step]').click()
      return page.locator('#inspector').isVisible()
    })
    .toBe(true)
}

const box = (within: Locator, name: string) => within.getByRole('textbox', { name, exact: true })

/** Puts a field where the caret is. */
async function putField(page: Page, into: string, field: string, fallback?: string): Promise<void> {
  await page.getByRole('button', { name: `Insert a field: ${into}`, exact: true }).click()
  await page.getByRole('option', { name: field, exact: true }).click()
  if (fallback === undefined) return
  await page.getByRole('button', { name: 'Insert', exact: true }).click()
  await page.getByText('Say what stands there for somebody who has none.').waitFor()
  await page.getByLabel('If there is none, write').fill(fallback)
  await page.keyboard.press('Enter')
}

describe('a mail', () => {
  test(
    'is written in parts, with fields that say what stands there for somebody who has none',
    write(mailStep(NEW_MAIL), async (page, form, saved) => {
      await box(form, 'Subject').click()
      await page.keyboard.type('Hello ')
      await putField(page, 'Subject', 'First name', 'there')
      await page.keyboard.type('!')
      await form.getByRole('button', { name: 'Add a heading' }).click()
      await page.keyboard.type('Good to have you')
      await form.getByRole('button', { name: 'Add a text' }).click()
      await page.keyboard.type('One')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
      await page.keyboard.type('two ')
      await page.getByRole('button', { name: 'Bold' }).click()
      await form.getByRole('button', { name: 'Add a button' }).click()
      await page.keyboard.type('Have a look')
      await box(form, 'Where it leads').click()
      await putField(page, 'Where it leads', 'Your website')
      await page.keyboard.type('/x')
      await expect.poll(saved).toEqual({
        subject: 'Hello {{ contact.FIRSTNAME | default: "there" }}!',
        body: [
          { heading: 'Good to have you' },
          { text: 'One\n\ntwo ****' },
          { button: 'Have a look', url: '{{ company_url }}/x' },
        ],
        messageType: 'promotional',
      })
      // What the journey's own undo takes back is taken back in the field.
      await page.getByRole('button', { name: /^Undo/ }).click()
      await expect.poll(() => box(form, 'Where it leads').innerText()).not.toContain('/x')
      await page.getByRole('button', { name: /^Redo/ }).click()
      await expect.poll(() => box(form, 'Where it leads').innerText()).toBe('Your website/x')
    }),
  )

  test(
    'keeps Liquid that somebody types, and shows it as a field where it is one',
    write(mailStep(NEW_MAIL), async (page, form, saved) => {
      const subject = box(form, 'Subject')
      await subject.click()
      const source =
        "{% if contact.VIP %}Dear{% endif %} {{ contact.CITY | default: 'you' }} {{ contact.CITY }}"
      await page.keyboard.insertText(source)
      await box(form, 'Preview text').click()
      await subject.getByRole('button', { name: 'City, or “you”' }).waitFor()
      expect(await subject.innerText()).toMatch(/^\{% if contact\.VIP %\}Dear\{% endif %\} City.*City$/)
      await expect.poll(async () => (await saved())['subject']).toBe(source)
      await form.getByText(/Say what stands there for somebody who has none: City\./).waitFor()

      await subject.getByRole('button', { name: 'City, nothing where there is none' }).focus()
      await page.keyboard.press('Enter')
      await page.getByLabel('If there is none, write').fill('home')
      await page.keyboard.press('Enter')
      await subject.getByRole('button', { name: 'City, or “you”' }).click()
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await expect
        .poll(async () => (await saved())['subject'])
        .toBe('{% if contact.VIP %}Dear{% endif %}  {{ contact.CITY | default: "home" }}')
    }),
  )

  test(
    'takes its fields along when it is copied, and what is pasted is text',
    write(
      mailStep({ ...NEW_MAIL, subject: 'Hi {{ contact.CITY | default: "you" }}', body: [{ text: 'a' }] }),
      async (page, form, saved) => {
        await box(form, 'Subject').click()
        await page.keyboard.press('Control+a')
        await page.keyboard.press('Control+c')
        await box(form, 'Text').click()
        await page.keyboard.press('End')
        await page.keyboard.press('Control+v')
        await expect
          .poll(async () => (await saved())['body'])
          .toEqual([{ text: 'aHi {{ contact.CITY | default: "you" }}' }])
        await page.keyboard.press('Control+z')
        await expect.poll(async () => (await saved())['body']).toEqual([{ text: 'a' }])
      },
    ),
  )

  test(
    'has its parts moved and removed by keys alone, and the focus stays',
    write(
      mailStep({ ...NEW_MAIL, body: [{ heading: 'A' }, { text: 'B' }, { text: 'C' }] }),
      async (page, form, saved) => {
        await form.getByRole('button', { name: 'Move down: Heading, part 1' }).focus()
        await page.keyboard.press('Enter')
        await page.keyboard.press('Enter')
        await expect
          .poll(async () => (await saved())['body'])
          .toEqual([{ text: 'B' }, { text: 'C' }, { heading: 'A' }])
        await box(form.getByRole('listitem', { name: 'Text, part 2' }), 'Text').focus()
        await page.keyboard.press('Alt+ArrowUp')
        await page.keyboard.press('Tab')
        await expect
          .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
          .toBe('Move down: Text, part 1')
        await form.getByRole('button', { name: 'Remove: Text, part 2' }).focus()
        await page.keyboard.press('Enter')
        await expect.poll(async () => (await saved())['body']).toEqual([{ text: 'C' }, { heading: 'A' }])
        await expect
          .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
          .toBe('Remove: Heading, part 2')
      },
    ),
  )

  test(
    'has its parts dragged to another place; Escape, or dropping it where it was, changes nothing',
    write(
      mailStep({ ...NEW_MAIL, body: [{ heading: 'A' }, { text: 'B' }, { text: 'C' }] }),
      async (page, form, saved) => {
        const part = (name: string) => form.getByRole('listitem', { name, exact: true })
        const hold = async (name: string, below: string) => {
          const from = (await part(name).getByTitle('Drag it to another place').boundingBox())!
          await page.mouse.move(from.x + 8, from.y + from.height / 2)
          await page.mouse.down()
          await part(below).scrollIntoViewIfNeeded()
          const to = (await part(below).boundingBox())!
          await page.mouse.move(from.x + 8, from.y + 30, { steps: 3 })
          await page.mouse.move(from.x + 8, to.y + to.height / 2 + 20, { steps: 5 })
          await form.locator('[data-drag=after]').waitFor()
        }
        await hold('Heading, part 1', 'Text, part 2')
        await page.keyboard.press('Escape')
        await form.locator('[data-drag]').first().waitFor({ state: 'detached' })
        await page.mouse.up()
        await page.getByText('No problems').or(page.getByText('error')).first().waitFor()
        expect((await saved())['body']).toEqual([{ heading: 'A' }, { text: 'B' }, { text: 'C' }])
        await hold('Heading, part 1', 'Text, part 2')
        await page.mouse.up()
        await expect
          .poll(async () => (await saved())['body'])
          .toEqual([{ text: 'B' }, { heading: 'A' }, { text: 'C' }])
        await page.getByRole('button', { name: 'Undo', exact: true }).click()
        await expect
          .poll(async () => (await saved())['body'])
          .toEqual([{ heading: 'A' }, { text: 'B' }, { text: 'C' }])
      },
    ),
  )

  test(
    'is a template, or HTML of one’s own, and what was written comes back',
    write(mailStep({ ...NEW_MAIL, subject: 'Hi', body: [{ text: 'Mine' }] }), async (page, form, saved) => {
      const choose = async (label: string, option: string) => {
        await form.getByRole('combobox', { name: label }).click()
        await page.getByRole('option', { name: option, exact: true }).click()
      }
      await choose('This mail is', 'a template')
      await choose('Template', 'Welcome')
      await expect.poll(saved).toEqual({ template: 'welcome', messageType: 'promotional' })
      await form.getByRole('button', { name: 'Preview and test' }).click()
      await page.frameLocator('iframe').getByText('Good to have you with us').waitFor()
      await page.keyboard.press('Escape')
      await choose('This mail is', 'HTML of your own')
      await form.getByLabel('HTML', { exact: true }).fill('<p>Hi {{ contact.CITY }}</p>')
      await form.getByText('Say what stands there for somebody who has none: City.').waitFor()
      await choose('This mail is', 'written here')
      await expect
        .poll(saved)
        .toEqual({ subject: 'Hi', body: [{ text: 'Mine' }], messageType: 'promotional' })
    }),
  )

  test(
    'is looked at as anybody, in two widths, by night and as plain text, and sent to oneself',
    write(
      mailStep({
        ...NEW_MAIL,
        subject: 'Hello {{ contact.FIRSTNAME | default: "you" }}',
        preview: 'A word before',
        body: [{ heading: 'Welcome' }, { text: 'Dear {{ contact.FIRSTNAME | default: "you" }}' }],
      }),
      async (page, form) => {
        await form.getByRole('button', { name: 'Preview and test' }).click()
        const dialog = page.getByRole('dialog', { name: 'Preview' })
        const frame = dialog.frameLocator('iframe')
        await frame.getByText('Dear Ada').waitFor()
        await dialog.getByText('A word before', { exact: true }).last().waitFor()
        expect(await dialog.locator('iframe').getAttribute('sandbox')).toBe('')
        await dialog.getByRole('combobox', { name: 'As it reaches' }).fill('zoe')
        await page.getByRole('option', { name: /Zoë/ }).click()
        await frame.getByText('Dear Zoë').waitFor()
        const ground = () => frame.locator('.page').evaluate((part) => getComputedStyle(part).backgroundColor)
        expect(await ground()).toBe('rgb(238, 243, 245)')
        await dialog.getByText('By night').click()
        await expect.poll(ground).toBe('rgb(16, 24, 31)')
        await dialog.getByText('Phone', { exact: true }).click()
        await expect.poll(async () => (await dialog.locator('iframe').boundingBox())?.width).toBeLessThan(410)
        await dialog.getByText('Plain text').click()
        await dialog.getByText('Dear Zoë').waitFor()
        // While it is written, it is seen.
        await box(dialog, 'Subject').click()
        await page.keyboard.press('End')
        await page.keyboard.type(', hi')
        await dialog.getByText('Hello Zoë, hi').waitFor()

        await dialog.getByPlaceholder('Your address').fill('me')
        await dialog.getByRole('button', { name: 'Send a test' }).click()
        await dialog.getByText('An e-mail address is needed').waitFor()
        await dialog.getByPlaceholder('Your address').fill('me@acme.io')
        await dialog.getByRole('button', { name: 'Send a test' }).click()
        await dialog.getByRole('link', { name: 'Open it in the mailbox' }).click()
        await page.getByRole('heading', { name: '[Test] Hello Zoë, hi' }).waitFor()
        await page.goBack()
        await openStep(page)
        await page.getByRole('button', { name: 'Preview and test' }).click()
        await expect.poll(() => page.getByPlaceholder('Your address').inputValue()).toBe('me@acme.io')
      },
    ),
  )

  test.each(LANGUAGES)(
    'in $language is shown whole and the right way round',
    async ({ mail, direction, says }) => {
      await write(mailStep({ ...mail, messageType: 'promotional' }), async (page, form) => {
        expect(await box(form, 'Heading').evaluate((part) => getComputedStyle(part).direction)).toBe(
          direction,
        )
        await form.getByRole('button', { name: 'Preview and test' }).click()
        const frame = page.frameLocator('iframe')
        for (const width of ['Computer', 'Phone']) {
          await page.getByText(width, { exact: true }).click()
          const heading = frame.getByText(says[0] ?? '', { exact: true })
          await heading.waitFor()
          expect(await heading.evaluate((part) => getComputedStyle(part).direction)).toBe(direction)
          const cut = await frame
            .locator('html')
            .evaluate((page) =>
              Array.from(
                page.querySelectorAll('h1, p, a'),
                (part) => part.scrollWidth - part.clientWidth,
              ).filter((over) => over > 0),
            )
          expect(cut).toEqual([])
        }
      })()
    },
  )

  test.each(['en', 'pseudo-rtl'])('has a form that everybody can use (%s)', async (language) => {
    const body = [
      { heading: 'Hi' },
      { text: 'Hello {{ contact.FIRSTNAME | default: "there" }}' },
      { button: 'Go', url: '' },
      { image: '', alt: '' },
    ]
    await write(mailStep({ ...NEW_MAIL, body }), async (page) => {
      await page.evaluate((chosen) => localStorage.setItem('tidemark.language', chosen), language)
      await page.reload()
      await openStep(page)
      const inspector = page.locator('#inspector')
      await inspector.getByRole('textbox').first().waitFor()
      await page.evaluate(() => localStorage.removeItem('tidemark.language'))
      const over = await inspector.evaluate(
        (part) =>
          Array.from(part.querySelectorAll('*')).filter((each) => each.scrollWidth > part.clientWidth).length,
      )
      expect(over).toBe(0)
      const { violations } = await new AxeBuilder({ page }).include('#inspector').analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
    })()
  })
})

describe('an SMS', () => {
  const sms = { meta: { kind: 'sms' }, always: 'end' } as const
  const smsStep = (text: string): Step => ({
    ...sms,
    entry: { type: 'sendSms', params: { text, messageType: 'promotional' } },
  })

  test(
    'says how many it is, how it is read, and rings by day once somebody says so',
    write(smsStep(''), async (page, form, saved) => {
      await box(form, 'Text').click()
      await page.keyboard.type('Hi ')
      await putField(page, 'Text', 'First name', 'there')
      await form.getByText('8 of 160, one SMS · Fields may make it longer.').waitFor()
      await page.keyboard.type(', مرحبا')
      await form.getByText('15 of 70, one SMS (Arabic letters: 70 each)').waitFor()
      await form.getByText('Hi Ada, مرحبا').waitFor()
      await expect
        .poll(async () => (await saved())['text'])
        .toBe('Hi {{ contact.FIRSTNAME | default: "there" }}, مرحبا')
      await form.getByText('It goes out at any hour, also at night.').waitFor()
      await form.getByRole('button', { name: 'Only between 9:00 and 20:00' }).click()
      await form.getByText('It waits for a time between 9:00 and 20:00 before it goes out.').waitFor()
      await page
        .locator('.react-flow__node[data-id=wait]')
        .getByText(/between 9:00 and 20:00/)
        .waitFor()
    }),
  )
})
