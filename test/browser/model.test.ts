// The article's model (R98 to R117) drawn from empty canvases, once with the mouse and once with the keys alone, then
// published; afterwards events move a contact exactly as drawn.
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyDraft } from '../../editor/builder/document/draft.ts'
import { builderOn, type BuilderDriver } from '../support/builder.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'

let opened: SignedIn

beforeAll(async () => {
  // Nothing of the shipped model gives points: only what is drawn here does.
  opened = await signedIn()
  for (const { id } of (await opened.api.must<{ items: readonly { id: string }[] }>('GET', '/journeys'))
    .items)
    await opened.api.must('POST', `/journeys/${id}/stop`)
})

afterAll(() => opened?.stop())

/** Opens an empty canvas of its own and publishes what was drawn there. */
async function draw(id: string, name: string, see: (builder: BuilderDriver) => Promise<void>): Promise<void> {
  await opened.api.must('PUT', `/journeys/${id}`, emptyDraft(id, name))
  await opened.look(`/journeys/${id}`, async (page, complaints) => {
    const builder = builderOn(page, opened, id)
    await builder.canvas.getByText('What starts it?').waitFor()
    await see(builder)
    expect(complaints).toEqual([])
  })
}

async function publishByMouse({ page }: BuilderDriver): Promise<void> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
  await page.getByText('Live v1').first().waitFor()
}

const boxOf = (page: Page, name: string): Locator => page.getByRole('textbox', { name })
const comboOf = (page: Page, name: string): Locator => page.getByRole('combobox', { name })

async function choose(page: Page, field: string, option: string): Promise<void> {
  await comboOf(page, field).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** A way in of its own for an event, with the points it is worth. */
async function wayIn(builder: BuilderDriver, event: string, points: number): Promise<void> {
  const { page, canvas, add, plus } = builder
  await canvas.getByRole('button', { name: 'Another way in' }).click()
  await page.getByRole('menuitem', { name: 'Something else…' }).click()
  await boxOf(page, 'Name of the event').fill(event)
  await choose(page, 'Begins at', 'A way of its own')
  await add(plus('Who enters').last(), 'Add points')
  await boxOf(page, 'How much').fill(String(points))
}

async function score(user: string): Promise<number> {
  const { items } = await opened.api.must<{
    items: readonly { id: string; attributes: { SCORE: number } }[]
  }>('GET', `/contacts?search=${user}`)
  return items[0]?.attributes.SCORE ?? 0
}

async function lists(user: string): Promise<readonly string[]> {
  const { items } = await opened.api.must<{ items: readonly { lists: readonly string[] }[] }>(
    'GET',
    `/contacts?search=${user}`,
  )
  return items[0]?.lists ?? []
}

/** Keys alone: what is meant is reached by Tab, as often as it takes. */
function keyboardOn(page: Page) {
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  return {
    press,
    type: (text: string) => page.keyboard.type(text),
    tabTo: async (name: string) => {
      const passed = new Set<string>()
      for (let count = 0; count < 150; count++) {
        await press('Tab')
        const focused = await page.evaluate(() => {
          const element = document.activeElement
          if (!(element instanceof HTMLElement)) return ''
          const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
          return element.getAttribute('aria-label') ?? labels[0]?.innerText ?? element.innerText
        })
        if (focused.trim() === name) return
        passed.add(focused.trim().slice(0, 40))
      }
      throw new Error(`nobody gets to “${name}” by Tab; passed: ${[...passed].join(' | ')}`)
    },
  }
}

describe('the article’s model, drawn from empty canvases', () => {
  test('by mouse: a stage with its ways in, the bands, and the 30-day escape hatch move a contact as drawn', async () => {
    await draw('drawn-consideration', 'Consideration', async (builder) => {
      const { page, canvas, add, plus } = builder
      await canvas.getByRole('button', { name: 'Visits a page' }).click()
      await add(plus('Who enters'), 'Add points')
      await boxOf(page, 'How much').fill('30')
      await wayIn(builder, 'sales_contacted', 40)
      await wayIn(builder, 'quote_requested', 50)
      await publishByMouse(builder)
    })
    await draw('drawn-bands', 'Bands', async (builder) => {
      const { page, canvas, add, plus, draft } = builder
      await canvas.getByRole('button', { name: 'Something else…' }).click()
      await choose(page, 'What starts it', 'Score changes at all')
      await add(plus('Who enters'), 'If / else')
      await page.getByRole('button', { name: 'Divide by a number' }).click()
      await page.getByLabel('Band 1: from or over').selectOption('over')
      await page.getByRole('button', { name: 'Make these ways' }).click()
      const bands = ['Sales-qualified leads', 'Qualified leads', 'Warm leads', 'New leads']
      for (const list of bands) {
        await add(plus('The first of 4 ways that fits'), 'Move to list')
        await comboOf(page, 'List').fill(list)
      }
      // Each list leaves the three others; said once they all have their names.
      await page.getByRole('button', { name: 'Show everything' }).click()
      for (const list of bands) {
        await canvas.getByText(`Moves to “${list}”`).first().click()
        await page.getByRole('button', { name: /^Also take off/ }).click()
      }
      await expect
        .poll(async () => JSON.stringify((await draft()).states).match(/"from":\["/g)?.length)
        .toBe(4)
      await publishByMouse(builder)
    })
    await draw('drawn-hatch', 'Quiet for 30 days', async (builder) => {
      const { page, canvas, add, plus } = builder
      await canvas.getByRole('button', { name: 'Something else…' }).click()
      await choose(page, 'What starts it', 'Contact is new')
      await add(plus('Who enters'), 'Lower score when inactive')
      await publishByMouse(builder)
    })

    await opened.api.identify('mia', { email: 'mia@acme.io' })
    await opened.api.track('mia', 'page_viewed', { path: '/pricing' })
    expect([await score('mia'), await lists('mia')]).toEqual([30, ['Warm leads']])
    await opened.api.track('mia', 'sales_contacted')
    expect([await score('mia'), await lists('mia')]).toEqual([70, ['Qualified leads']])
    await opened.api.track('mia', 'quote_requested')
    expect([await score('mia'), await lists('mia')]).toEqual([120, ['Sales-qualified leads']])
    await opened.api.advance('P31D')
    expect(await score('mia')).toBe(110)
  }, 240_000)

  test('by keyboard alone: a stage with its way in and its points, published, moves a contact as drawn', async () => {
    await draw('keyed-engagement', 'Engagement', async ({ page, draft }) => {
      const keys = keyboardOn(page)
      await keys.tabTo('Something else…')
      await keys.press('Enter')
      await keys.tabTo('Name of the event')
      await keys.type('resource_downloaded')
      await keys.tabTo('Who enters')
      await keys.press('Enter', 'a')
      await page.getByRole('dialog', { name: 'Add a step' }).waitFor()
      await keys.type('add points')
      await keys.press('ArrowDown', 'Enter')
      await expect.poll(async () => Object.keys((await draft()).states)).toContain('points')
      await keys.press('Enter')
      await keys.tabTo('How much')
      await keys.press('Control+a')
      await keys.type('15')
      await expect
        .poll(async () => (await draft()).states['points']?.entry?.params)
        .toEqual({ attribute: 'SCORE', add: 15 })
      await keys.tabTo('Publish')
      await keys.press('Enter')
      await page.getByRole('dialog').getByText('Nobody enters by publishing alone.').waitFor()
      await keys.tabTo('Publish')
      await keys.press('Enter')
      await page.getByText('Live v1').first().waitFor()
    })
    await opened.api.identify('tom', { email: 'tom@acme.io' })
    await opened.api.track('tom', 'resource_downloaded', { name: 'Guide' })
    expect(await score('tom')).toBe(15)
  }, 120_000)
})
