// How fluid the drawing is with 500 steps, in a real browser: `npx node test/bench/canvas.ts [steps]`. Prints the
// durations of frames while a card is dragged and while the view moves, and the time from the click on a kind of step to
// its new card on the screen; for each also the processor time of the page, which other work on the machine hardly changes.
import type { CDPSession, Page } from 'playwright'
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
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    console.log(`${STEPS} steps, as one reads them`)
    await measure(builder, session)
    await page.getByRole('button', { name: 'Show everything' }).click()
    await page.waitForTimeout(1_000)
    console.log(`${STEPS} steps, all of them at once`)
    await reportFrames('  while the view moves', page, session, () => pan(page))
    if (complaints.length > 0) console.log(complaints.join('\n'))
  })
} finally {
  await opened.stop()
}

async function measure(builder: BuilderDriver, session: CDPSession): Promise<void> {
  const { page, canvas } = builder
  await reportFrames('  while a card is dragged', page, session, () => dragFirst(builder))
  await page.keyboard.press('Control+z')
  await reportFrames('  while the view moves', page, session, () => pan(page))
  await page.reload()
  await canvas.waitFor()
  await page.waitForTimeout(2_000)
  const times: number[] = []
  const busy: number[] = []
  for (let count = 0; count < INSERTS; count++) {
    await canvas.locator('[data-way]:visible').nth(1).click()
    await page.getByRole('option', { name: 'Add points' }).waitFor()
    const before = await busyTime(session)
    times.push(await inserting(page))
    busy.push((await busyTime(session)) - before)
    await page.waitForTimeout(400)
  }
  report('  from click to new card', times)
  report('    of it, processor time', busy)
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
  // What follows the drop is no part of dragging.
  await page.evaluate(() => Object.assign(globalThis, { ended: true }))
  await page.mouse.up()
}

async function pan(page: Page): Promise<void> {
  await page.mouse.move(700, 500)
  for (let step = 0; step < 90; step++) await page.mouse.wheel(10, step < 60 ? 60 : -90)
}

async function reportFrames(
  what: string,
  page: Page,
  session: CDPSession,
  act: () => Promise<void>,
): Promise<void> {
  const before = await busyTime(session)
  const durations = await frames(page, act)
  const each = ((await busyTime(session)) - before) / durations.length
  report(`${what}: frames`, durations)
  console.log(`    of it, processor time: ${each.toFixed(1)} ms a frame`)
}

/** The processor time that the page has taken so far, in milliseconds. */
async function busyTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000
}

/** The durations of frames, in milliseconds, while something is done. */
async function frames(page: Page, act: () => Promise<void>): Promise<readonly number[]> {
  await page.evaluate(() => {
    const seen: number[] = []
    let last = performance.now()
    Object.assign(globalThis, { seen, ended: false })
    requestAnimationFrame(function next(now) {
      if ((globalThis as unknown as { ended: boolean }).ended) return
      seen.push(now - last)
      last = now
      requestAnimationFrame(next)
    })
  })
  await act()
  return page.evaluate(() => {
    Object.assign(globalThis, { ended: true })
    return (globalThis as unknown as { seen: number[] }).seen.slice(1)
  })
}

function report(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms (${times.length})`)
}
