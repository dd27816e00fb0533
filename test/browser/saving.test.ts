// Drafts as people work on them: saved by themselves, in two tabs at once, without a connection, through a reload.
import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Journey } from '../../engine/index.ts'
import { apiOf } from '../support/api.ts'
import { launchBrowser } from '../support/browser.ts'
import { END } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { loginLink } from '../support/login.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'

let server: ServerProcess
let browser: Browser
let api: ReturnType<typeof apiOf>
let context: BrowserContext
let id: string
let count = 0

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ env: { TIDEMARK_SANDBOX: '1' } }), launchBrowser()])
  api = apiOf(server)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** Each test has a journey and a browser of its own. */
beforeEach(async () => {
  id = `journey-${++count}`
  await api.must('PUT', `/journeys/${id}`, threeWaits(id))
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(loginLink(server))
  await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
  await page.close()
  return () => context.close()
})

function threeWaits(name: string): Journey {
  const wait = (label: string, to: string) => ({ meta: { kind: 'wait', label }, after: { P1D: to } }) as const
  return journeyOf(
    { one: wait('One', 'two'), two: wait('Two', 'three'), three: wait('Three', 'end'), end: END },
    { id: name, on: { started: triggerTo('one') } },
  )
}

interface Detail {
  readonly draft: Journey
}
const draft = async () => (await api.must<Detail>('GET', `/journeys/${id}`)).draft
const steps = async () => Object.keys((await draft()).states)

async function open(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${server.url}/journeys/${id}`)
  await page.getByRole('application').waitFor()
  return page
}

/** Duplicates a step, as one change. */
async function duplicate(page: Page, label: string): Promise<void> {
  await page.getByRole('region', { name: 'Outline' }).getByRole('button', { name: label }).first().click()
  await page.keyboard.press('Control+d')
}

const word = (page: Page, text: string) => page.getByRole('status').getByText(text, { exact: true })

describe('a draft', () => {
  test('saves itself after a change, and undoing saves what was before', async () => {
    const page = await open()
    await duplicate(page, 'Two')
    await word(page, 'Saved').waitFor()
    expect(await steps()).toHaveLength(6)
    await page.keyboard.press('Control+z')
    await expect.poll(steps).toHaveLength(5)
    expect(await draft()).toEqual(threeWaits(id))
  })

  test('changed elsewhere loads by itself where nothing is unsaved', async () => {
    const [here, there] = [await open(), await open()]
    await duplicate(there, 'Two')
    await here.getByText('Changed elsewhere, just now').waitFor()
    await duplicate(here, 'Three')
    await expect.poll(steps).toHaveLength(7)
  })
})

describe('two tabs in conflict', () => {
  /** Here something is unsaved for want of a connection, there something was saved meanwhile. */
  async function conflict() {
    const here = await open()
    const theirs = await browser.newContext({ storageState: await context.storageState() })
    const there = await theirs.newPage()
    await there.goto(`${server.url}/journeys/${id}`)
    await there.getByRole('application').waitFor()
    await context.setOffline(true)
    await duplicate(here, 'One')
    await here.getByText('No connection. Your work is kept here').waitFor()
    await duplicate(there, 'Two')
    await word(there, 'Saved').waitFor()
    await theirs.close()
    await context.setOffline(false)
    await here.getByRole('alert').getByText('Somebody else changed this journey').waitFor()
    return here
  }
  const followers = (journey: Journey) => Object.keys(journey.states).toSorted()

  test('both drafts are there until one is chosen; mine goes on', async () => {
    const here = await conflict()
    expect(followers(await draft())).toEqual(['end', 'one', 'outside', 'three', 'two', 'two2'])
    await here.getByRole('button', { name: 'Keep mine' }).click()
    await word(here, 'Saved').waitFor()
    expect(followers(await draft())).toEqual(['end', 'one', 'one2', 'outside', 'three', 'two'])
  })

  test('theirs goes on, and undoing brings back mine', async () => {
    const here = await conflict()
    await here.getByRole('button', { name: 'Take theirs' }).click()
    await word(here, 'Saved').waitFor()
    await here.getByRole('region', { name: 'Outline' }).getByRole('button', { name: 'Two' }).first().click()
    await here.keyboard.press('Control+z')
    await expect
      .poll(async () => followers(await draft()))
      .toEqual(['end', 'one', 'one2', 'outside', 'three', 'two'])
  })
})

describe('without a connection', () => {
  test('work goes on, is kept through a reload, and is saved when the server is back', async () => {
    const page = await open()
    await context.setOffline(true)
    await duplicate(page, 'Two')
    await word(page, 'Kept here').waitFor()
    await duplicate(page, 'Three')
    await context.setOffline(false)
    await word(page, 'Saved').waitFor()
    await expect.poll(steps).toHaveLength(7)
  })

  test('a page that is loaded anew in the middle of typing has lost nothing', async () => {
    const page = await open()
    await duplicate(page, 'Two')
    await page.reload()
    await page.getByRole('application').waitFor()
    await expect.poll(steps).toHaveLength(6)
    await duplicate(page, 'Three')
    await expect.poll(steps).toHaveLength(7)
  })
})
