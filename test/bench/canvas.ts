// How fluid the drawing is with 500 steps, in a real browser: `npx node test/bench/canvas.ts [steps]`. Prints the
// durations of frames while a card is dragged and while the view moves, and the time from the click on a kind of step to
// its new card on the screen.
import type { Page } from 'playwright'
import { builderOn, type BuilderDriver } from '../support/builder.ts'
import { largeJourney } from '../support/largeJourney.ts'
import { signedIn } from '../support/signedIn.ts'

const STEPS = Number(process.argv[2] ?? 500)
const INSERTS = 20

const opened = await signedIn()
try {
  const id = 'large'
  await opened.api.must('PUT', `/journeys/${id}`, largeJourney(STEPS, id))
  await opened.look(`/journeys/${id}`, async (page, complaints) => {
    const builder = builderOn(page, opened, id)
    await builder.canvas.waitFor()
    await page.waitForTimeout(2_000)
    await page.getByText('Drawing', { exact: true }).click()
    console.log(`${STEPS} steps, as one reads them`)
    await measure(builder)
    await page.getByRole('button', { name: 'Show everything' }).click()
    await page.waitForTimeout(1_000)
    console.log(`${STEPS} steps, all of them at once`)
    report('  frames while the view moves', await frames(page, () => pan(page)))
    if (complaints.length > 0) console.log(complaints.join('\n'))
  })
} finally {
  await opened.stop()
}

async function measure(builder: BuilderDriver): Promise<void> {
  const { page, canvas } = builder
  report('  frames while a card is dragged', await frames(page, () => dragFirst(builder)))
  report('  frames while the view moves', await frames(page, () => pan(page)))
  await page.reload()
  await canvas.waitFor()
  await page.waitForTimeout(2_000)
  const times: number[] = []
  for (let count = 0; count < INSERTS; count++) {
    await canvas.locator('[data-way]:visible').nth(1).click()
    await page.getByRole('option', { name: 'Add points' }).waitFor()
    times.push(await inserting(page))
    await page.waitForTimeout(400)
  }
  report('  from click to new card', times)
}

/** Presses "Add points" in the open menu, and waits until its card has been painted. */
function inserting(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const before = new Set(
      [...document.querySelectorAll('[data-card]')].map((each) => each.getAttribute('data-card')),
    )
    const option = [...document.querySelectorAll<HTMLElement>('[role=option]')].find((each) =>
      each.textContent?.startsWith('Add points'),
    )
    const start = performance.now()
    option?.click()
    await new Promise<void>((done) => {
      const look = () => {
        const isThere = [...document.querySelectorAll('[data-card][aria-pressed=true]')].some(
          (each) => !before.has(each.getAttribute('data-card')),
        )
        // The frame after the one in which it is there: by then it has been painted.
        if (isThere) requestAnimationFrame(() => done())
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    return performance.now() - start
  })
}

async function dragFirst({ page, canvas }: BuilderDriver): Promise<void> {
  const box = await canvas.locator('[data-card]:not([data-card=outside])').first().boundingBox()
  if (box === null) throw new Error('no card to drag')
  await page.mouse.move(box.x + 60, box.y + 30)
  await page.mouse.down()
  for (let step = 0; step < 90; step++)
    await page.mouse.move(box.x + 60 + 90 * Math.sin(step / 12), box.y + 30 + 60 * Math.sin(step / 9))
  await page.mouse.up()
  await page.keyboard.press('Control+z')
}

async function pan(page: Page): Promise<void> {
  await page.mouse.move(700, 500)
  for (let step = 0; step < 90; step++) await page.mouse.wheel(10, step < 60 ? 60 : -90)
}

/** The durations of frames, in milliseconds, while something is done. */
async function frames(page: Page, act: () => Promise<void>): Promise<readonly number[]> {
  await page.evaluate(() => {
    const seen: number[] = []
    let last = performance.now()
    const on = { now: true }
    Object.assign(globalThis, { seen, on })
    requestAnimationFrame(function next(now) {
      seen.push(now - last)
      last = now
      if (on.now) requestAnimationFrame(next)
    })
  })
  await act()
  return page.evaluate(() => {
    const { seen, on } = globalThis as unknown as { seen: number[]; on: { now: boolean } }
    on.now = false
    return seen.slice(1)
  })
}

function report(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms (${times.length})`)
}
