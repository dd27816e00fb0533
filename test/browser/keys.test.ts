// The builder without a mouse: how far it is to anything, and where the focus is afterwards.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyDraft } from '../../editor/builder/document/draft.ts'
import type { Journey } from '../../engine/index.ts'
import { builderOn, type BuilderDriver } from '../support/builder.ts'
import { keyboardOn, type Keyboard } from '../support/keyboard.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'
import { shippedJourney } from '../journeys/shipped.ts'

let opened: SignedIn
let count = 0

beforeAll(async () => {
  opened = await signedIn()
})

afterAll(() => opened?.stop())

/** Opens a draft of its own, with the focus on “Who enters”. */
async function build(
  draft: Journey,
  see: (keys: Keyboard, builder: BuilderDriver) => Promise<void>,
): Promise<void> {
  const id = `keys-${++count}`
  await opened.api.must('PUT', `/journeys/${id}`, { ...draft, id })
  await opened.look(`/journeys/${id}`, async (page, complaints) => {
    const builder = builderOn(page, opened, id)
    await builder.canvas.waitFor()
    const keys = keyboardOn(page)
    await keys.at(draft.meta.name)
    await keys.tabTo(Object.keys(draft.on).length === 0 ? 'What starts it?' : 'Who enters')
    await see(keys, builder)
    expect(complaints).toEqual([])
  })
}

const AWARENESS = shippedJourney('awareness')

describe('the frame', () => {
  test('is walked through with the arrows; Enter opens each part, Escape leads back', () =>
    build(AWARENESS, async ({ press, at, type }, { draft }) => {
      await press('ArrowRight')
      await at('Signs up for the newsletter Newsletter subscribed')
      await press('ArrowRight', 'ArrowDown')
      await at('5 points for the contest')
      await press('ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowRight')
      await at('Registers for an event Event signup')
      await press('Enter')
      await at('What starts it')
      await press('Escape')
      await at('Registers for an event Event signup')
      // A step goes into the way of this trigger alone.
      await press('a')
      await type('wait')
      await press('Enter')
      await expect.poll(async () => (await draft()).on['event_signup']).toMatchObject({ target: '.wait' })
      expect((await draft()).on).toMatchObject({
        newsletter_subscribed: { target: '.newsletter' },
        contest_entry: { target: '.contest' },
      })
    }))

  test('as a whole takes a step into its first way, and leaves the others as they are', () =>
    build(AWARENESS, async ({ press, type }, { ways, draft }) => {
      await press('a')
      await type('add to list')
      await press('Enter')
      await expect.poll(ways).toContain('list > newsletter')
      expect((await draft()).on['contest_entry']).toMatchObject({ target: '.contest' })
    }))

  test('gets another way in, and loses it, by a key each', () =>
    build(AWARENESS, async ({ press, type, at }, { draft, page }) => {
      await press('w')
      await at('Search a start')
      await type('buys')
      await press('Enter')
      await at('Purchase')
      await expect.poll(async () => Object.keys((await draft()).on)).toContain('purchase')
      await press('Delete')
      await at('Who enters')
      await page.getByRole('status').getByText('Start removed').waitFor({ state: 'attached' })
      await expect.poll(async () => Object.keys((await draft()).on)).not.toContain('purchase')
    }))
})

describe('Tab', () => {
  test('goes through the drawing, card by card, and out of it again', () =>
    build(shippedJourney('bands'), async ({ press, focused }) => {
      const passed: string[] = []
      while (passed.at(-1) !== 'Show the kinds of steps' && passed.length < 40) {
        await press('Tab')
        passed.push(await focused())
      }
      const cards = ['Which band fits?', 'To the sales-qualified leads', 'On the right list']
      const others = ['To the qualified leads', 'To the warm leads', 'To the new leads']
      expect(passed.filter((name) => [...cards, ...others].includes(name))).toEqual([...cards, ...others])
      expect(passed).toContain('Add a step between “To the new leads” and “On the right list”')
    }))

  test('comes to one kind of step; the arrows choose among them, and Enter goes on to a place', () =>
    build(AWARENESS, async ({ press, at, tabTo }, { ways }) => {
      await press('ArrowRight', 'ArrowDown')
      await at('5 points for the newsletter')
      await tabTo('Add points', 20)
      await press('ArrowDown', 'ArrowDown', 'ArrowUp')
      await at('Lower score when inactive')
      await press('End', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'Home')
      await tabTo('Zoom in', 0)
      await press('Shift+Tab')
      await at('Add points')
      await press('Enter')
      await at(
        'Add a step between “Who enters” and “5 points for the newsletter”, on the way “Signs up for the newsletter”',
      )
      await press('Enter')
      await at('Adds 10 points')
      await expect.poll(ways).toContain('points > newsletter')
    }))
})

describe('the focus', () => {
  test('goes from a problem to what mends it', () => {
    const bands = shippedJourney('bands')
    const moved = { type: 'moveToList', params: { list: '', from: ['Warm leads'] } } as const
    const broken = { ...bands, states: { ...bands.states, new: { ...bands.states['new'], entry: moved } } }
    return build(broken, async ({ press, at, focused, type }) => {
      await press('e')
      await expect.poll(focused).toContain('No list is chosen yet')
      await press('Enter')
      await at('List')
      await type('New leads')
      await press('Tab', 'Escape')
      await at('To the new leads')
    })
  })

  test('in the outline is where the arrows begin', () =>
    build(AWARENESS, async ({ press, focused }, { page }) => {
      await press('Shift+Tab', 'ArrowRight')
      await page.getByRole('radio', { name: 'Outline' }).waitFor({ state: 'attached' })
      const step = () => page.evaluate(() => document.activeElement?.getAttribute('data-step'))
      while ((await step()) !== 'newsletter') await press('Tab')
      await press('ArrowDown')
      await expect.poll(step).toBe('end')
      expect(await focused()).toContain('Counted')
    }))

  test('is on the new step, also when the list of all commands asked for it', () =>
    build(AWARENESS, async ({ press, type, at }, { ways }) => {
      await press('Control+k')
      await at('Search a command')
      await type('add a step')
      await press('Enter')
      await at('Search a kind of step')
      await type('something happens')
      await press('Enter')
      await at('Until clicks in an e-mail, for at most 3 days')
      await expect.poll(ways).toContain('until > newsletter > end2')
    }))

  test('is back where it was when a dialog is closed', () =>
    build(AWARENESS, async ({ press, at }, { page }) => {
      for (const [key, title] of [
        ['?', 'Keys'],
        ['h', 'History of'],
        ['p', 'Publish'],
      ] as const) {
        await press(key)
        await page.getByRole('dialog', { name: title }).waitFor()
        await press('Escape')
        await at('Who enters')
      }
      await press('Shift+Tab', 'Shift+Tab', 'Shift+Tab')
      await at('More')
      await press('Enter')
      await page.waitForFunction(() => document.activeElement?.closest('[role=menu]'))
      await press('ArrowDown', 'ArrowUp')
      await at('Archive…')
      await press('Enter')
      await page.getByRole('dialog').waitFor()
      await press('Escape')
      await at('More')
      await press('Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab')
      await at('Rename the journey')
      await press('Enter')
      await at('Name of the journey')
      await press('Enter')
      await at(AWARENESS.meta.name)
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    }))

  test('is on the journey’s name when a publication was taken back', () =>
    build(AWARENESS, async ({ press, at, focused, tabTo }, { page }) => {
      await press('p')
      await page.getByRole('dialog').getByText('This becomes v1.').waitFor()
      await tabTo('Publish', 2)
      await press('Enter')
      await at('Who enters')
      while (!(await focused()).startsWith('Undo publish')) await press('Shift+Tab')
      await press('Enter')
      await page.getByText('Taken back').first().waitFor()
      await at(AWARENESS.meta.name)
      expect(await page.getByText('Live v1').count()).toBe(0)
    }))

  test('stays in a form when what had it goes', () =>
    build(AWARENESS, async ({ press, at, tabTo, type }, { draft, page }) => {
      await press('ArrowDown', 'a')
      await type('if')
      await press('Enter')
      await at('If / else')
      await press('Enter')
      await at('Nothing is chosen yet')
      await tabTo('Divide by a number')
      await press('Enter')
      await tabTo('Make these ways', 16)
      await press('Enter')
      await expect.poll(async () => (await draft()).states['check']?.always).toHaveLength(4)
      await at('Divide by a number')
      await page.getByRole('status').getByText('4 ways made').waitFor({ state: 'attached' })
      await press('Shift+Tab')
      await at('Add a way')
      await press('Enter')
      await at('Nothing is chosen yet')
      await page.getByRole('status').getByText('A way added').waitFor({ state: 'attached' })
      await tabTo('Choose a condition')
      await press('Enter')
      await at('Search, or type a name')
      await type('score is over')
      await press('Enter')
      await at('Value')
      await type('90')
      await tabTo('Remove “Score is over 90”')
      await press('Enter')
      await at('Choose a condition')
      await press('Escape')
      await at('If / else')
    }))
})

test('what hinders publishing is shown by the key that publishes', () =>
  build(emptyDraft('', 'Empty'), async ({ press, at }, { page }) => {
    await press('p')
    await page.getByRole('region', { name: 'Problems of this journey' }).waitFor()
    await page
      .getByRole('status')
      .getByText('One error has to be mended first.')
      .waitFor({ state: 'attached' })
    await press('Escape')
    await at('What starts it?')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  }))
