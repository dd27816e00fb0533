// Drives the drawing of the builder as people do, by role and name; what came of it is read from the stored draft.
import type { Locator, Page } from 'playwright'
import { placesFrom, targetAt } from '../../editor/builder/document/places.ts'
import { stepsOf, type Journey } from '../../engine/index.ts'
import type { SignedIn } from './signedIn.ts'

export interface BuilderDriver {
  readonly page: Page
  readonly canvas: Locator
  /** The card of a step, by a part of its name. */
  readonly card: (name: string) => Locator
  /** The button that puts a step into the way from one card, to another where several ways leave it. */
  readonly plus: (from: string, to?: string) => Locator
  /** Presses a plus and chooses a kind from its menu. */
  readonly add: (plus: Locator, kind: string) => Promise<void>
  readonly kind: (name: string) => Locator
  /** Drags with the mouse from the middle of one thing to the middle of another, or by so many pixels. */
  readonly drag: (from: Locator, to: Locator | readonly [number, number]) => Promise<void>
  /** The stored draft. */
  readonly draft: () => Promise<Journey>
  /** Where every step of the stored draft leads: "check > points > end". */
  readonly ways: () => Promise<readonly string[]>
}

export function builderOn(page: Page, { api }: Pick<SignedIn, 'api'>, id: string): BuilderDriver {
  const canvas = page.getByRole('application')
  const draft = async () => (await api.must<{ readonly draft: Journey }>('GET', `/journeys/${id}`)).draft
  return {
    page,
    canvas,
    card: (name) => canvas.locator('[data-card]').and(canvas.getByRole('button', { name })),
    plus: (from, to) =>
      canvas.getByRole('button', {
        name: to === undefined ? `Add a step behind “${from}”` : `Add a step between “${from}” and “${to}”`,
      }),
    add: async (plus, kind) => {
      await plus.first().click()
      await page.getByRole('option', { name: kind }).click()
    },
    kind: (name) => page.getByRole('region', { name: 'Steps' }).getByRole('button', { name, exact: true }),
    drag: async (from, to) => {
      const start = await middleOf(from)
      const end = 'first' in to ? await middleOf(to.first()) : { x: start.x + to[0], y: start.y + to[1] }
      await page.mouse.move(start.x, start.y)
      await page.mouse.down()
      await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 })
      await page.mouse.move(end.x, end.y, { steps: 4 })
      // What is dropped on is found in the next frame.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      )
      await page.mouse.up()
    },
    draft,
    ways: async () => {
      const journey = await draft()
      return stepsOf(journey).map(([step]) =>
        [step, ...placesFrom(journey, step).map((place) => targetAt(journey, place))].join(' > '),
      )
    },
  }
}

async function middleOf(thing: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await thing.boundingBox()
  if (box === null) throw new Error(`cannot be seen: ${thing.toString()}`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
