// The drawing as people build in it: by mouse alone, by dragging, by joining, and by tapping.
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyDraft } from '../../editor/builder/document/draft.ts'
import type { Journey, Step } from '../../engine/index.ts'
import { builderOn, type BuilderDriver } from '../support/builder.ts'
import { END } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'

let opened: SignedIn
let count = 0

beforeAll(async () => {
  opened = await signedIn()
})

afterAll(() => opened?.stop())

/** Opens a draft of its own; nothing may be complained about in the browser. */
async function build(draft: Journey, see: (builder: BuilderDriver) => Promise<void>): Promise<void> {
  const id = `canvas-${++count}`
  await opened.api.must('PUT', `/journeys/${id}`, { ...draft, id })
  await opened.look(`/journeys/${id}`, async (page, complaints) => {
    const builder = builderOn(page, opened, id)
    await builder.canvas.waitFor()
    await see(builder)
    expect(complaints).toEqual([])
  })
}

const wait = (label: string, to: string): Step => ({ meta: { kind: 'wait', label }, after: { P1D: to } })
const points = (label: string, to: string): Step => ({
  meta: { kind: 'update', label },
  entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add: 5 } },
  always: to,
})
const fork = (label: string, first: string, second: string): Step => ({
  meta: { kind: 'condition', label },
  always: [
    { target: first, guard: { type: 'holds', params: { when: { list: 'Newsletter' } } } },
    { target: second },
  ],
})
/** Two waits one behind the other. */
const TWO = journeyOf({ one: wait('One', 'two'), two: wait('Two', 'end'), end: END })
/** A fork, one branch with two steps, the other with one. */
const FORKED = journeyOf({
  check: fork('Reads us?', 'left', 'right'),
  left: points('Left', 'second'),
  second: points('Second', 'end'),
  right: points('Right', 'end'),
  end: END,
})

describe('an empty canvas', () => {
  test('becomes a journey by mouse alone: a trigger, points, an if, a mail', () =>
    build(emptyDraft('', 'From nothing'), async ({ page, canvas, plus, add, ways, draft }) => {
      await canvas.getByText('What starts it?').waitFor()
      await canvas.getByRole('button', { name: 'Submits a form' }).click()
      await add(plus('Who enters'), 'Add points')
      await add(plus('Adds 10 points'), 'If / else')
      await add(plus('If / else').first(), 'Send e-mail')
      await expect.poll(ways).toEqual(['points > check', 'check > mail > end2', 'mail > end', 'end2', 'end'])
      expect((await draft()).on).toEqual({
        form_submitted: { target: '.points', guard: { type: 'mayEnter' } },
      })
      // A step that cannot stand here says why.
      await plus('Who enters', 'Adds 10 points').click()
      const end = page.getByRole('option', { name: 'Leave journey' })
      await end.getByText('Nothing can follow this step').waitFor()
      expect(await end.getAttribute('data-combobox-disabled')).toBe('true')
    }))

  test('becomes the same by keyboard alone', () =>
    build(emptyDraft('', 'From nothing'), async ({ page, canvas, ways }) => {
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-card') ?? '')
      await canvas.getByRole('button', { name: 'What starts it?' }).focus()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await canvas.getByText('Newsletter subscribed').waitFor()
      for (const [kind, id] of [
        ['points', 'points'],
        ['else', 'check'],
        ['e-mail', 'mail'],
      ]) {
        await page.keyboard.press('a')
        await page.getByRole('dialog').waitFor()
        await page.keyboard.type(kind!)
        await page.keyboard.press('Enter')
        await expect.poll(focused).toBe(id)
      }
      await expect.poll(ways).toEqual(['points > check', 'check > mail > end2', 'mail > end', 'end2', 'end'])
    }))

  test('takes another way in, and shows both joined by “or”', () =>
    build(TWO, async ({ page, canvas, draft }) => {
      await canvas.getByRole('button', { name: 'Another way in' }).click()
      await page.getByRole('menuitem', { name: 'Score crosses a number' }).click()
      await canvas.getByText('or', { exact: true }).waitFor()
      await expect.poll(async () => Object.keys((await draft()).on)).toEqual(['go', 'score.changed'])
    }))
})

describe('a kind of step', () => {
  test('is dragged from the palette onto a way; dropped beside, it does nothing and says so', () =>
    build(TWO, async ({ canvas, page, kind, plus, drag, ways }) => {
      await drag(kind('Send SMS'), plus('One', 'Two'))
      await expect.poll(ways).toEqual(['one > wait', 'wait > sms', 'sms > two', 'two > end', 'end'])
      await drag(kind('Send e-mail'), [700, 60])
      await page.getByText('Dropped beside a place: nothing has changed.').first().waitFor()
      expect(await canvas.getByText('Write the e-mail').count()).toBe(0)
    }))

  test('lights up only the places that take it; any other says why', () =>
    build(TWO, async ({ page, kind, plus, ways }) => {
      const middle = async (thing: Locator) => {
        const box = (await thing.boundingBox())!
        return [box.x + box.width / 2, box.y + box.height / 2] as const
      }
      const why = 'Nothing can follow this step, so it can only stand at the end of a way.'
      const isLit = (place: Locator) => place.evaluate((button) => button.matches('[data-target]'))
      const [between, behind] = [plus('One', 'Two'), plus('Two')]
      await page.mouse.move(...(await middle(kind('Leave journey'))))
      await page.mouse.down()
      await page.mouse.move(...(await middle(between)), { steps: 6 })
      await page.getByText(why).first().waitFor()
      expect(await isLit(between)).toBe(false)
      await page.mouse.move(...(await middle(behind)), { steps: 6 })
      await expect.poll(() => isLit(behind)).toBe(true)
      expect(await page.getByText(why).count()).toBe(0)
      await page.mouse.up()
      await expect.poll(ways).toEqual(['one > two', 'two > leave', 'leave > end', 'end'])
      // What is held stays in the hand until it is put where it can stand.
      await kind('Leave journey').click()
      await between.click()
      await page.getByText(why).first().waitFor()
      await page.getByText('Where does “Leave journey” go?').first().waitFor()
      await page.getByRole('button', { name: 'Cancel' }).click()
    }))

  test('goes in front of a join for all ways: by its plus, by dragging, and by a key', () =>
    build(FORKED, async ({ page, canvas, card, kind, add, drag, ways }) => {
      const before = canvas.getByRole('button', { name: /^Insert before “.*”, for both ways/ })
      await add(before, 'Wait For some time')
      await expect
        .poll(ways)
        .toEqual([
          'check > left > right',
          'left > second',
          'second > wait',
          'right > wait',
          'wait > end',
          'end',
        ])
      await drag(kind('Add to list'), before)
      await expect
        .poll(async () => (await ways()).slice(2))
        .toEqual(['second > list', 'right > list', 'list > wait', 'wait > end', 'end'])
      await card('Add to list').click()
      await page.keyboard.press('i')
      await page.getByRole('dialog', { name: /^Insert before “.*”, for both ways/ }).waitFor()
      await page.keyboard.type('points')
      await page.keyboard.press('Enter')
      await expect
        .poll(async () => (await ways()).slice(2, 5))
        .toEqual(['second > points', 'right > points', 'points > list'])
      await page.keyboard.press('Control+z')
      await expect.poll(async () => (await ways()).slice(2, 4)).toEqual(['second > list', 'right > list'])
    }))

  test('is put down by two taps', async () => {
    const id = 'tapped'
    await opened.api.must('PUT', `/journeys/${id}`, { ...TWO, id })
    const state = await opened.context.storageState()
    const tablet = await opened.browser.newContext({
      viewport: { width: 768, height: 1024 },
      hasTouch: true,
      storageState: state,
    })
    const page = await tablet.newPage()
    await page.goto(`${opened.server.url}/journeys/${id}`)
    const { kind, plus, ways } = builderOn(page, opened, id)
    await kind('Add to list').tap()
    await page.getByText('Where does “Add to list” go?').first().waitFor()
    await plus('One', 'Two').tap()
    await expect.poll(ways).toEqual(['one > list', 'list > two', 'two > end', 'end'])
    await tablet.close()
  })
})

describe('a card', () => {
  test('is moved by hand, keeps how far, and goes back when everything is tidied', () =>
    build(TWO, async ({ page, card, drag, draft }) => {
      const offset = async () => (await draft()).states['two']?.meta?.offset
      await drag(card('Two'), [180, 60])
      await expect.poll(offset).toBeDefined()
      const { x = 0, y = 0 } = (await offset()) ?? {}
      expect(x).toBeGreaterThan(120)
      expect(y).toBeGreaterThan(20)
      await page.getByRole('button', { name: 'Tidy up' }).click()
      await expect.poll(offset).toBeUndefined()
    }))

  test('takes along the others that are selected', () =>
    build(FORKED, async ({ card, drag, draft }) => {
      await card('Left').click()
      await card('Second').click({ modifiers: ['Shift'] })
      await drag(card('Left'), [-120, 40])
      const offsets = async () => {
        const { states } = await draft()
        return ['left', 'second', 'right'].map((id) => Math.sign(states[id]?.meta?.offset?.x ?? 0))
      }
      await expect.poll(offsets).toEqual([-1, -1, 0])
    }))

  test('is joined to by dragging the end of a way, and a way back is one', () =>
    build(FORKED, async ({ canvas, card, drag, ways }) => {
      await card('Left').hover()
      await drag(canvas.getByRole('button', { name: 'Lead “Left” to another step' }), card('Right'))
      await expect.poll(ways).toContain('left > right')
      await card('Right').hover()
      await drag(canvas.getByRole('button', { name: 'Lead “Right” to another step' }), card('Reads us?'))
      await expect.poll(ways).toContain('right > check')
      await canvas.getByText('↺ Back to “Reads us?”').waitFor()
    }))

  test('with several ways asks which stays when it is deleted, with numbers', () =>
    build(FORKED, async ({ page, card, ways }) => {
      await card('Reads us?').click()
      await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('1 step that only the other ways lead to').waitFor()
      await dialog.getByRole('radio', { name: /Right/ }).click()
      await dialog.getByText('2 steps that only the other ways lead to').waitFor()
      await dialog.getByRole('button', { name: 'Delete' }).click()
      await expect.poll(ways).toEqual(['right > end', 'end'])
    }))

  test('stays where it is on the screen when a step is added below it', () =>
    build(FORKED, async ({ card, plus, add, ways }) => {
      const before = await card('Left').boundingBox()
      await card('Left').click()
      await add(plus('Left', 'Second'), 'If / else')
      await expect.poll(ways).toContain('left > check2')
      await expect.poll(() => card('Left').boundingBox()).toEqual(before)
    }))
})

test('the menu of kinds fits beside its plus, wherever that is', () =>
  build(FORKED, async ({ page, canvas, plus }) => {
    const menu = page.getByRole('dialog', { name: /Add a step|Insert before/ })
    for (const width of [1440, 900, 768]) {
      await page.setViewportSize({ width, height: 1024 })
      for (const button of [plus('Left', 'Second'), canvas.getByRole('button', { name: /^Insert before/ })]) {
        await button.click()
        await menu.getByRole('option', { name: 'Add points' }).waitFor()
        const box = (await menu.boundingBox())!
        expect({ width, inside: box.x >= 0 && box.x + box.width <= width }).toEqual({ width, inside: true })
        expect(box.y >= 0 && box.y + box.height <= 1024).toBe(true)
        await page.keyboard.press('Escape')
        await menu.waitFor({ state: 'hidden' })
      }
    }
  }))

test('the beginning is in the middle of the room there is, until somebody looks elsewhere', () =>
  build(FORKED, async ({ page, canvas }) => {
    const off = () =>
      canvas.evaluate((drawing) => {
        const [room, entry] = [drawing, drawing.querySelector('[data-id=outside]')].map((each) =>
          (each ?? drawing).getBoundingClientRect(),
        )
        return Math.round(entry!.left + entry!.width / 2 - room!.left - room!.width / 2)
      })
    const wide = await off()
    await page.setViewportSize({ width: 768, height: 1024 })
    // The palette takes its part of the room from the left.
    await expect.poll(off).toBe(wide)
    await canvas.hover()
    await page.mouse.wheel(0, 200)
    const before = await off()
    await page.setViewportSize({ width: 900, height: 1024 })
    await expect.poll(off).toBe(before - 66)
  }))

describe('selecting', () => {
  test('several with Shift, by click and by box; copies go into the clipboard and come back', () =>
    build(FORKED, async ({ page, canvas, card, ways }) => {
      await card('Left').click()
      await card('Right').click({ modifiers: ['Shift'] })
      expect(await canvas.locator('[data-card][aria-pressed=true]').count()).toBe(2)
      await page.keyboard.press('Delete')
      await expect.poll(ways).toEqual(['check > second > end', 'second > end', 'end'])
      await page.keyboard.press('Control+z')
      await expect.poll(ways).toHaveLength(5)
      const [top, bottom] = [await card('Left').boundingBox(), await card('Second').boundingBox()]
      await page.keyboard.down('Shift')
      await page.mouse.move(top!.x - 12, top!.y - 12)
      await page.mouse.down()
      await page.mouse.move(bottom!.x + bottom!.width + 12, bottom!.y + bottom!.height + 6, { steps: 5 })
      await page.mouse.up()
      await page.keyboard.up('Shift')
      await expect.poll(() => canvas.locator('[data-card][aria-pressed=true]').count()).toBe(2)
    }))

  test('goes with the Tab key from card to place to card, and Enter opens the form', () =>
    build(TWO, async ({ page, card }) => {
      const focused = () =>
        page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id)
      await card('One').click()
      await expect.poll(focused).toBe('One')
      await page.keyboard.press('Tab')
      await expect.poll(focused).toBe('Add a step between “One” and “Two”')
      await page.keyboard.press('Tab')
      await expect.poll(focused).toBe('Two')
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('option', { name: 'Add points' }).waitFor()
      await page.keyboard.press('Escape')
      await expect.poll(focused).toBe('Add a step between “One” and “Two”')
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Enter')
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.closest('#inspector')?.id))
        .toBe('inspector')
    }))
})

test('the frame opens its parts, and shades what the goal watches', () =>
  build(
    {
      ...FORKED,
      meta: { ...FORKED.meta, goal: { when: { list: 'Customers' }, to: 'thanks' } },
      states: { ...FORKED.states, thanks: points('Thanks', 'done'), done: END },
    },
    async ({ page, canvas, card }) => {
      const dim = () => card('Thanks').evaluate((element) => getComputedStyle(element.parentElement!).opacity)
      expect(await dim()).toBe('1')
      const goal = canvas.getByRole('button', { name: 'Goal Is on “Customers”' })
      await goal.hover()
      await expect.poll(dim).not.toBe('1')
      await goal.click()
      expect(await goal.getAttribute('aria-pressed')).toBe('true')
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    },
  ))

test('a journey that is put away is only looked at', async () => {
  const id = 'put-away'
  await opened.api.must('PUT', `/journeys/${id}`, { ...FORKED, id })
  await opened.api.must('POST', `/journeys/${id}/archive`, {})
  await opened.look(`/journeys/${id}`, async (page) => {
    const { canvas, card } = builderOn(page, opened, id)
    await card('Left').click()
    expect(await card('Left').getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('Delete')
    await card('Left').waitFor()
    expect(await canvas.locator('[data-way]').count()).toBe(0)
    expect(await canvas.getByRole('toolbar').count()).toBe(0)
    expect(await page.getByRole('region', { name: 'Steps' }).count()).toBe(0)
  })
})
