// Conditions as people write them: sentences, by keyboard alone, with names that were received and people they are about.
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Condition, Journey } from '../../engine/index.ts'
import { END } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'
import { keyboardOn } from '../support/keyboard.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'

let opened: SignedIn
let count = 0

beforeAll(async () => {
  opened = await signedIn()
  const { api } = opened
  for (const [name, firstName, country] of [
    ['ada', 'Ada', 'NP'],
    ['ben', 'Ben', 'NP'],
    ['cem', 'Cem', 'TR'],
  ] as const)
    await api.identify(name, { email: `${name}@acme-shipping.io`, firstName, country })
  for (const path of ['/pricing', '/pricing', '/docs']) await api.track('ada', 'page_viewed', { path })
  await api.track('ben', 'quote_requested', { seats: 25 })
})

afterAll(() => opened?.stop())

/** A journey that looks at a condition. */
function asking(id: string, when: unknown): Journey {
  const guard = { type: 'holds', params: { when: when as Condition } } as const
  return journeyOf(
    {
      check: { meta: { kind: 'condition' }, always: [{ target: 'end', guard }, { target: 'end' }] },
      end: END,
    },
    { id },
  )
}

interface Asked {
  readonly page: Page
  readonly form: Locator
  /** The condition as it was saved. */
  readonly saved: () => Promise<unknown>
  readonly complaints: readonly string[]
}

/** Opens the form of a step with this condition. */
async function ask(when: unknown, see: (asked: Asked) => Promise<void>): Promise<void> {
  const { api, look } = opened
  const id = `asking-${++count}`
  await api.must('PUT', `/journeys/${id}`, asking(id, when))
  const saved = async () => {
    const { draft } = await api.must<{ readonly draft: Journey }>('GET', `/journeys/${id}`)
    const [branch] = (draft.states['check']?.always ?? []) as readonly {
      readonly guard: { readonly params: { readonly when: unknown } }
    }[]
    return branch?.guard.params.when
  }
  await look(`/journeys/${id}`, async (page, complaints) => {
    await page.getByRole('region', { name: 'Outline' }).locator('[data-step=check]').click()
    const form = page.locator('#inspector')
    await form.waitFor()
    await see({ page, form, saved, complaints })
  })
}

/** Finds what one can ask by words, and chooses the first of it; all by keyboard. */
async function add({ page, form }: Asked, words: string): Promise<void> {
  await form
    .getByRole('button', { name: /^(Choose|Add) a condition$/ })
    .last()
    .press('Enter')
  await find(page, words)
}

/** Types into the list that is open, and chooses the first that it then shows. */
async function find(page: Page, words: string): Promise<void> {
  const search = page.getByRole('combobox', { name: 'Search, or type a name' })
  await search.fill(words)
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await search.waitFor({ state: 'hidden' })
}

/** Types where the focus was led to, once it is there. */
async function type(page: Page, text: string): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.matches('input, textarea'))
  await page.keyboard.type(text)
}

const SILENT = {
  all: [
    { count: { event: 'email.clicked', within: 'P30D' }, operator: '=', value: 0 },
    { count: { event: 'email.sent', within: 'P30D' }, operator: '>=', value: 3 },
  ],
}

describe('a condition', () => {
  test('is written as sentences by keyboard alone, and saved as journeys read it', () =>
    ask({ all: [] }, async (asked) => {
      const { page, form, saved, complaints } = asked
      await form.getByText('Nothing is chosen yet, so it is about nobody.').waitFor()
      await add(asked, 'score is over')
      await type(page, '80')
      await add(asked, 'silent')
      await add(asked, '/pricing')
      await form.getByRole('textbox', { name: 'How many times' }).fill('5')
      await add(asked, 'last 3 e-mails')
      await add(asked, 'country')
      await type(page, 'NP')
      const sentences = [
        'Score is over 80',
        'Has not clicked any e-mail in the last 30 days, though at least 3 were sent',
        'Has viewed the page /pricing at least 5 times in the last 30 days',
        'Clicked 3 of the last 3 e-mails',
        'Country is NP',
      ]
      for (const name of sentences) await form.getByRole('group', { name, exact: true }).waitFor()
      const { all } = {
        all: [
          { field: 'SCORE', operator: '>', value: 80 },
          SILENT,
          {
            count: {
              event: 'page_viewed',
              where: { event: 'path', operator: '=', value: '/pricing' },
              within: 'P30D',
            },
            operator: '>=',
            value: 5,
          },
          { clicked: 3, ofLast: 3 },
          { field: 'COUNTRY', operator: '=', value: 'NP' },
        ],
      }
      await expect.poll(saved).toEqual({ all })

      // How they belong together, by the arrows.
      await form.getByRole('combobox', { name: /^How these belong together/ }).focus()
      await keyboardOn(page).pick(/^none of/)
      await expect.poll(saved).toEqual({ not: { any: all } })
      for (const name of sentences.slice(1).toReversed())
        await form.getByRole('button', { name: `Remove “${name}”` }).press('Enter')
      await expect.poll(saved).toEqual({ not: { any: all.slice(0, 1) } })

      // Each change is undone by itself, the letters of a field together.
      const undo = page.getByRole('button', { name: 'Undo' })
      for (let count = 0; count < 4; count++) await undo.click()
      await expect.poll(saved).toEqual({ not: { any: all } })
      await undo.click()
      await expect.poll(saved).toEqual({ all })
      await undo.click()
      await expect.poll(saved).toEqual({ all: [...all.slice(0, 4), { field: 'COUNTRY', operator: '=' }] })
      expect(complaints).toEqual([])
    }))

  test('with nothing chosen is an error, never everybody', () =>
    ask({ list: 'Newsletter' }, async ({ page, form, saved }) => {
      await form.getByRole('button', { name: 'Remove “Is on the list Newsletter”' }).click()
      await form.getByText('Nothing is chosen yet, so it is about nobody.').waitFor()
      await expect.poll(saved).toEqual({ all: [] })
      expect(await page.getByRole('button', { name: /^Publish/ }).isDisabled()).toBe(true)
      // The way on has the focus.
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Choose a condition')
    }))

  test('keeps what was typed wrong, with the reason beside it', () =>
    ask({ field: 'SCORE', operator: '>', value: 8 }, async ({ form, saved }) => {
      const value = form.getByRole('textbox', { name: 'Value' })
      await value.fill('many')
      await form.getByText('A number is needed here.').waitFor()
      expect(await value.getAttribute('aria-invalid')).toBe('true')
      await expect.poll(saved).toEqual({ field: 'SCORE', operator: '>', value: 'many' })
      await value.fill('')
      await expect.poll(saved).toEqual({ field: 'SCORE', operator: '>' })
      await value.fill('80,5')
      await expect.poll(saved).toEqual({ field: 'SCORE', operator: '>', value: 80.5 })
      expect(await form.getByText('A number is needed here.').count()).toBe(0)
    }))

  test('stays the sentence it is while its number is typed', () =>
    ask({ count: { event: 'email.clicked' }, operator: '=', value: 1 }, async ({ page, form, saved }) => {
      const times = form.getByRole('textbox', { name: 'How many times' })
      await times.fill('0')
      await expect.poll(saved).toMatchObject({ operator: '=', value: 0 })
      expect(await times.inputValue()).toBe('0')
      await page.keyboard.press('Tab')
      await form.getByRole('group', { name: 'Has not clicked any e-mail so far', exact: true }).waitFor()
    }))

  test('takes names that were received, and marks the others', () =>
    ask({ field: 'COUNTRIE', operator: '=', value: 'NP' }, async (asked) => {
      const { page, form, saved } = asked
      await form.getByText('never received').waitFor()
      await form.getByRole('button', { name: 'What is compared: Countrie' }).press('Enter')
      await find(page, 'countr')
      await expect.poll(saved).toEqual({ field: 'COUNTRY', operator: '=', value: 'NP' })
      expect(await form.getByText('never received').count()).toBe(0)
      await form.getByRole('combobox', { name: 'Value' }).click()
      await page.getByRole('option', { name: 'TR' }).click()
      await expect.poll(saved).toEqual({ field: 'COUNTRY', operator: '=', value: 'TR' })
      await add(asked, 'shoe size')
      await type(page, '42')
      await expect.poll(saved).toMatchObject({ all: [{}, { field: 'SHOE_SIZE', operator: '=', value: 42 }] })
    }))

  test('asks about what is counted in lines of its own', () =>
    ask({ count: { event: 'quote_requested' }, operator: '>=', value: 1 }, async ({ page, form, saved }) => {
      await form.getByRole('button', { name: 'only those where …' }).click()
      await form.getByRole('button', { name: 'Choose a condition' }).press('Enter')
      await page.getByRole('option', { name: /seats/ }).click()
      await type(page, '20')
      await expect.poll(saved).toEqual({
        count: { event: 'quote_requested', where: { event: 'seats', operator: '>=', value: 20 } },
        operator: '>=',
        value: 1,
      })
      await form.getByRole('button', { name: 'Remove “The event’s seats is at least 20”' }).click()
      await expect.poll(saved).toEqual({ count: { event: 'quote_requested' }, operator: '>=', value: 1 })
    }))

  test('says whom it is about, and why one person is or is not', () =>
    ask({ field: 'COUNTRY', operator: '=', value: 'NP' }, async (asked) => {
      const { page, form } = asked
      const matches = form.getByRole('region', { name: 'Whom it is about now' })
      await matches.getByText('Matches 2 of 3').waitFor()
      expect((await matches.getByRole('link').allTextContents()).toSorted()).toEqual([
        expect.stringContaining('Ada'),
        expect.stringContaining('Ben'),
      ])
      await add(asked, 'quote requested')
      await matches.getByText('Matches 1 of 3').waitFor()
      await matches.getByRole('button', { name: 'Check a person' }).press('Enter')
      await type(page, 'ada')
      await expect
        .poll(() => page.getByRole('option').allTextContents())
        .toEqual([expect.stringContaining('Ada')])
      await page.keyboard.press('Enter')
      await matches.getByText('Ada does not match').waitFor()
      const [country, quote] = await matches.getByRole('group').getByRole('listitem').allTextContents()
      expect(country).toContain('Country is “NP”')
      expect(quote).toContain('happened 0 times in the last 30 days')
    }))

  test('that only an event can answer says so', () =>
    ask({ event: 'path', operator: '=', value: '/pricing' }, async ({ form }) => {
      await form.getByText('Only known at the moment it happens').waitFor()
      expect(await form.getByText(/^Matches/).count()).toBe(0)
    }))
})

const RICH = {
  all: [
    { field: 'SCORE', operator: '>', value: 80 },
    SILENT,
    {
      any: [
        { clicked: 3, ofLast: 3 },
        { field: 'COUNTRY', operator: 'in', value: ['NP', 'TR'] },
      ],
    },
    {
      count: { event: 'never_sent', where: { event: 'seats', operator: '>' }, within: 'PxD' },
      operator: '>=',
    },
    {
      not: { any: [{ field: 'RENEWAL_DATE', operator: 'before', value: '2026-05-03' }, { segment: 'None' }] },
    },
  ],
}

describe('every part', () => {
  test.each(['light', 'dark'] as const)('has a name and enough contrast in %s', (scheme) =>
    ask(RICH, async ({ page, form }) => {
      await page.evaluate(
        (to) => document.documentElement.setAttribute('data-mantine-color-scheme', to),
        scheme,
      )
      await form.getByText('Say how long, as a whole number above 0.').waitFor()
      const inForm = await new AxeBuilder({ page }).include('#inspector').analyze()
      expect(inForm.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      await form.getByRole('button', { name: 'Add a condition' }).last().click()
      await page.getByRole('option').first().waitFor()
      const inMenu = await new AxeBuilder({ page }).include('[data-conditions-menu]').analyze()
      expect(inMenu.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    }),
  )

  test.each(['en', 'pseudo', 'pseudo-rtl'])('stays within its panel (%s)', (language) =>
    ask(RICH, async ({ page, form }) => {
      await page.evaluate((to) => localStorage.setItem('tidemark.language', to), language)
      await page.reload()
      await page.locator('[data-step=check]').first().click()
      await form.locator('[data-line]').nth(4).waitFor()
      const outside = await form.evaluate((panel) => {
        const { left, right } = panel.getBoundingClientRect()
        return [...panel.querySelectorAll('[data-part], button')]
          .map((part) => ({ text: part.textContent, box: part.getBoundingClientRect() }))
          .filter(({ box }) => box.left < left || box.right > right)
          .map(({ text }) => text)
      })
      expect(outside).toEqual([])
      await page.evaluate(() => localStorage.removeItem('tidemark.language'))
    }),
  )
})
