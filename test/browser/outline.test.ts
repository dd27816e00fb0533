// The outline and the keys: everything that the drawing offers, without a drawing and without a mouse.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright'
import { signedIn, type SignedIn } from '../support/signedIn.ts'

let opened: SignedIn

beforeAll(async () => {
  opened = await signedIn()
})

afterAll(() => opened?.stop())

function outlineOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Outline' })
}

/** The steps as the outline tells them, by their ids. */
async function steps(page: Page): Promise<readonly string[]> {
  return outlineOf(page)
    .locator('[data-step]')
    .evaluateAll((items) => items.map((item) => item.getAttribute('data-step') ?? ''))
}

describe('by keyboard alone', () => {
  test('steps are walked through, added, duplicated, deleted, and all of it is undone', () =>
    opened.look('/journeys/quote-received', async (page, complaints) => {
      await outlineOf(page).getByRole('button', { name: 'Who enters' }).focus()
      const before = await steps(page)
      await page.keyboard.press('Enter')
      await page.keyboard.press('ArrowDown')
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-step')))
        .toBe(before[1])

      await page.keyboard.press('a')
      await page.getByRole('dialog', { name: 'Add a step' }).waitFor()
      await page.keyboard.type('add points')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await expect.poll(() => steps(page)).toEqual([before[0], before[1], 'points', ...before.slice(2)])
      await page.getByRole('status').getByText('Add points added').waitFor({ state: 'attached' })

      await outlineOf(page).locator('[data-step=points]').focus()
      await page.keyboard.press('Control+d')
      await expect.poll(() => steps(page)).toContain('points2')
      await page.keyboard.press('Delete')
      await expect.poll(() => steps(page)).not.toContain('points2')
      for (let count = 0; count < 3; count++) await page.keyboard.press('Control+z')
      await expect.poll(() => steps(page)).toEqual(before)
      expect(complaints).toEqual([])
    }))

  test('a step with several ways asks which of them stays', () =>
    opened.look('/journeys/fast-track', async (page) => {
      const fork = outlineOf(page).getByRole('button', { name: 'Qualified already?' })
      await fork.focus()
      await page.keyboard.press('Enter')
      await page.keyboard.press('Delete')
      const dialog = page.getByRole('dialog')
      await dialog.getByText('Which of them stays?').waitFor()
      await dialog.getByRole('button', { name: 'Delete' }).click()
      await expect.poll(() => fork.count()).toBe(0)
    }))

  test('every command is found by its name, and says why it cannot be done now', () =>
    opened.look('/journeys/guide', async (page) => {
      await outlineOf(page).getByRole('button', { name: 'Who enters' }).focus()
      await page.keyboard.press('Control+k')
      const dialog = page.getByRole('dialog', { name: 'All commands' })
      await dialog.getByText('There is nothing to undo').waitFor()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await outlineOf(page).getByRole('button', { name: 'Who enters' }).focus()
      await page.keyboard.press('?')
      await expect
        .poll(() => page.getByRole('dialog', { name: 'Keys' }).getByText('Duplicate').count())
        .toBe(1)
    }))
})

test('steps are copied from one journey into another', () =>
  opened.look('/journeys/guide', async (page) => {
    await outlineOf(page).getByRole('button', { name: 'Who enters' }).waitFor()
    const copied = await page.evaluate(async () => {
      const step = document.querySelector<HTMLElement>('[data-step]:not([data-step=outside])')
      step?.click()
      step?.focus()
      const data = new DataTransfer()
      step?.dispatchEvent(
        new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }),
      )
      return data.getData('text/plain')
    })
    expect(JSON.parse(copied)).toMatchObject({ tidemark: 'steps' })
    await page.goto(`${opened.server.url}/journeys/quote-received`)
    const first = outlineOf(page).getByRole('button', { name: 'Who enters' })
    await first.focus()
    const before = (await steps(page)).length
    await first.evaluate((target, text) => {
      const data = new DataTransfer()
      data.setData('text/plain', text)
      target.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    }, copied)
    await expect.poll(async () => (await steps(page)).length).toBe(before + 1)
  }))

test.each(['pseudo', 'pseudo-rtl'])(
  'in a longer language (%s) nothing is pushed off the page',
  async (language) => {
    const context = await opened.browser.newContext({ storageState: await opened.context.storageState() })
    await context.addInitScript((chosen) => localStorage.setItem('tidemark.language', chosen), language)
    const page = await context.newPage()
    for (const path of ['/journeys', '/journeys/bands', '/contacts', '/mailbox', '/problems'])
      for (const width of [1440, 768, 390]) {
        await page.setViewportSize({ width, height: 900 })
        await page.goto(`${opened.server.url}${path}`)
        await page.getByRole('heading', { level: 1 }).first().waitFor()
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0)
        expect(await page.locator('h1').first().innerText()).not.toBe('')
      }
    await context.close()
  },
)

test('what only the builder needs is loaded with the builder', () =>
  opened.look('/journeys', async (page) => {
    await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
    expect(loaded.filter((name) => /JourneyPage|xyflow|ScoreChart/.test(name))).toEqual([])
  }))
