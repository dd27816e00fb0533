// Drafts as people work on them: saved by themselves, in two tabs at once, without a connection, through a reload.
import type { Browser, BrowserContext, Locator, Page } from 'playwright'
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

/** How long a look is repeated: a pause in typing, a save and a busy machine lie between. */
const SOON = { timeout: 15_000 }

const word = (page: Page, text: string) => page.getByRole('status').getByText(text, { exact: true })

describe('a draft', () => {
  test('saves itself after a change, and undoing saves what was before', async () => {
    const page = await open()
    await duplicate(page, 'Two')
    await word(page, 'Saved').waitFor()
    expect(await steps()).toHaveLength(6)
    await page.keyboard.press('Control+z')
    await expect.poll(steps, SOON).toHaveLength(5)
    expect(await draft()).toEqual(threeWaits(id))
  })

  test('changed elsewhere loads by itself where nothing is unsaved', async () => {
    const [here, there] = [await open(), await open()]
    await duplicate(there, 'Two')
    await here.getByText('Changed elsewhere, just now').waitFor()
    await duplicate(here, 'Three')
    await expect.poll(steps, SOON).toHaveLength(7)
  })
})

test('what was done while the session ended is saved as soon as somebody comes in again, in another tab', async () => {
  const page = await open()
  await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }))
  await duplicate(page, 'Two')
  await page.getByRole('heading', { name: 'Come on in' }).waitFor()
  const other = await context.newPage()
  await other.goto(loginLink(server))
  await other.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
  expect(await steps()).toHaveLength(5)
  // Headless, no tab is ever hidden.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await page.getByText('Brought back what was not saved').waitFor()
  await expect.poll(steps, SOON).toHaveLength(6)
})

/** Here something is unsaved for want of a connection, there something was saved meanwhile. */
async function conflict(): Promise<Page> {
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
const MINE = ['end', 'one', 'one2', 'outside', 'three', 'two']
const THEIRS = ['end', 'one', 'outside', 'three', 'two', 'two2']

describe('two tabs in conflict', () => {
  test('both drafts are there until one is chosen; mine goes on', async () => {
    const here = await conflict()
    expect(followers(await draft())).toEqual(THEIRS)
    await here.getByRole('button', { name: 'Keep mine', exact: true }).click()
    await word(here, 'Saved').waitFor()
    expect(followers(await draft())).toEqual(MINE)
  })

  test('theirs goes on, and undoing brings back mine', async () => {
    const here = await conflict()
    await here.getByRole('button', { name: 'Take theirs' }).click()
    await word(here, 'Saved').waitFor()
    await here.getByRole('region', { name: 'Outline' }).getByRole('button', { name: 'Two' }).first().click()
    await here.keyboard.press('Control+z')
    await expect.poll(async () => followers(await draft())).toEqual(MINE)
  })
})

describe('a comparison', () => {
  test('shows both drafts drawn, what is different in words, and keeps mine as a journey of its own', async () => {
    const here = await conflict()
    await here.getByRole('button', { name: 'Compare' }).click()
    const dialog = here.getByRole('dialog', { name: 'Two drafts of this journey' })
    await dialog.getByRole('img', { name: 'Mine' }).getByText('One', { exact: true }).nth(1).waitFor()
    await dialog.getByRole('img', { name: 'Theirs' }).getByText('Two', { exact: true }).nth(1).waitFor()
    const differences = dialog.getByRole('region', { name: 'From theirs to mine' }).getByRole('listitem')
    await differences.getByText('New', { exact: true }).waitFor()
    await differences.getByText('Removed', { exact: true }).waitFor()
    await dialog.getByRole('button', { name: 'Keep mine as a copy' }).click()
    await here.waitForURL(`**/journeys/${id}2`)
    await here.getByRole('application').waitFor()
    expect(followers(await draft())).toEqual(THEIRS)
    id = `${id}2`
    expect(followers(await draft())).toEqual(MINE)
  })
})

describe('a draft that lost', () => {
  test('in a conflict is kept in this browser until it is opened or dismissed', async () => {
    const here = await conflict()
    await here.getByRole('button', { name: 'Keep mine', exact: true }).click()
    await word(here, 'Saved').waitFor()
    const kept = here.getByText('This browser keeps their draft')
    await kept.waitFor()
    await here.reload()
    await kept.waitFor()
    await here.getByRole('button', { name: 'Open it here' }).click()
    await expect.poll(async () => followers(await draft()), SOON).toEqual(THEIRS)
    expect(await kept.count()).toBe(0)
    await here.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => followers(await draft()), SOON).toEqual(MINE)
  })

  test('is discarded for what is published, and undoing brings it back', async () => {
    await api.publish(threeWaits(id))
    const page = await open()
    await duplicate(page, 'Two')
    await word(page, 'Saved').waitFor()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Discard the draft' }).click()
    await page
      .getByRole('dialog')
      .getByText(/^2 changes go away/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard the draft' }).click()
    await page.getByText('This browser keeps the draft that was discarded').waitFor()
    expect(await draft()).toBeNull()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(steps, SOON).toHaveLength(6)
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
    await expect.poll(steps, SOON).toHaveLength(7)
  })

  test('a browser without room says so until everything is on the server', async () => {
    const page = await open()
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError')
      }
    })
    await context.setOffline(true)
    await duplicate(page, 'Two')
    const note = page.getByText('This browser has no room to keep your work')
    await note.waitFor()
    await context.setOffline(false)
    await word(page, 'Saved').waitFor()
    await note.waitFor({ state: 'detached' })
    expect(await steps()).toHaveLength(6)
  })

  test('a page that is loaded anew in the middle of typing has lost nothing', async () => {
    const page = await open()
    await duplicate(page, 'Two')
    await page.reload()
    await page.getByRole('application').waitFor()
    await expect.poll(steps, SOON).toHaveLength(6)
    await duplicate(page, 'Three')
    await expect.poll(steps, SOON).toHaveLength(7)
  })
})

test('what a tab that died could not save is offered when the journey is opened again', async () => {
  const page = await open()
  await context.setOffline(true)
  await duplicate(page, 'Two')
  await word(page, 'Kept here').waitFor()
  await page.close()
  await context.setOffline(false)
  const again = await open()
  expect(await steps()).toHaveLength(5)
  await again.getByText('This browser keeps a draft that was never saved').waitFor()
  await again.getByRole('button', { name: 'Open it here' }).click()
  await expect.poll(steps, SOON).toHaveLength(6)
})

test('what another version of the page kept in this browser is passed over', async () => {
  const page = await open()
  const foreign = ['{', 'null', '5', '{}', '"x"', '{"document":{},"why":"mine","at":"x","revision":null}']
  for (const text of foreign) {
    await page.evaluate(
      ([journey, text]) => {
        const whole = text.replace('{"', `{"journey":"${journey}","`)
        localStorage.setItem(`tidemark.kept.${journey}.old`, whole)
        localStorage.setItem(`tidemark.kept.${journey}.${sessionStorage.getItem('tidemark.tab')}`, whole)
        sessionStorage.setItem(`tidemark.code.${journey}`, text)
      },
      [id, text] as const,
    )
    await page.reload()
    await page.getByRole('application').waitFor()
    await page.getByText('Code', { exact: true }).click()
    await page.getByText('The drawing shows what stands here').waitFor()
  }
  expect(await page.getByText('This browser keeps').count()).toBe(0)
})

describe('the code view', () => {
  async function openCode(): Promise<Page> {
    const page = await open()
    await page.getByText('Code', { exact: true }).click()
    await text(page).waitFor()
    return page
  }
  const text = (page: Page) => page.getByRole('textbox', { name: 'The journey as its file' })
  const foot = (page: Page) => page.getByRole('region', { name: 'Code' }).getByRole('status')

  /** Puts the cursor behind the first place where these words stand. */
  async function goBehind(page: Page, words: string): Promise<void> {
    await text(page).getByText(words, { exact: true }).first().click()
    await page.keyboard.press('End')
  }

  test('shows what is drawn as the file of the journey, and draws what is typed, as one change', async () => {
    const page = await openCode()
    await text(page).getByText('"Two"', { exact: true }).dblclick()
    await page.keyboard.type('Second')
    await page.getByRole('application').getByText('Second', { exact: true }).waitFor()
    await expect.poll(async () => (await draft()).states['two']?.meta?.label, SOON).toBe('Second')
    await page.getByRole('button', { name: 'Undo' }).click()
    await text(page).getByText('"Two"', { exact: true }).waitFor()
    await expect.poll(draft, SOON).toEqual(threeWaits(id))
  })

  test('leaves the last drawing where the text is no journey, says why and where, and keeps the text', async () => {
    const page = await openCode()
    await goBehind(page, '"initial"')
    await page.keyboard.type(' nonsense')
    await foot(page)
      .getByText(/line 5, column \d+: expected/i)
      .waitFor()
    expect(await page.getByRole('application').getByText('Two', { exact: true }).count()).toBe(1)
    expect(await draft()).toEqual(threeWaits(id))
    await page.reload()
    await page.getByText('Code', { exact: true }).click()
    await text(page).getByText('nonsense').waitFor()
    await text(page).press('Control+z')
    await goBehind(page, '"initial"')
    for (const _ of ' nonsense') await page.keyboard.press('Backspace')
    expect(await appears(foot(page).getByText('The drawing shows what stands here.'))).toBe(true)
  })

  test('gives back what was being typed when somebody else changed the journey', async () => {
    const page = await openCode()
    await goBehind(page, '"initial"')
    await page.keyboard.type(' nonsense')
    await foot(page).getByText('The drawing still shows').waitFor()
    const before = await api.admin('GET', `/journeys/${id}`)
    const other = { ...threeWaits(id), meta: { format: 1, name: 'Of somebody else' } }
    await api.admin('PUT', `/journeys/${id}`, other, { 'If-Match': before.headers.get('etag') ?? '' })
    await text(page).getByText('"Of somebody else"').waitFor()
    expect(await text(page).getByText('nonsense').count()).toBe(0)
    await page.getByRole('button', { name: 'Bring back what I was typing' }).click()
    await text(page).getByText('nonsense').waitFor()
    expect(await page.getByRole('button', { name: 'Bring back what I was typing' }).count()).toBe(0)
    expect((await draft()).meta.name).toBe('Of somebody else')
  })

  test('completes by the schema: parts, and values that fit', async () => {
    const page = await openCode()
    await text(page)
      .getByText('"format"')
      .click({ position: { x: 1, y: 8 } })
    await page.keyboard.type('"st')
    await page.getByRole('option', { name: 'stage' }).click()
    await page.getByRole('option', { name: 'retention' }).click()
    await page.keyboard.type(',')
    await expect.poll(async () => (await draft()).meta.stage, SOON).toBe('retention')
  })

  test('mends a draft that cannot be drawn', async () => {
    id = `broken-${id}`
    const {
      states: { two: _, ...states },
      ...rest
    } = threeWaits(id)
    await api.must('PUT', `/journeys/${id}`, { ...rest, states })
    const page = await context.newPage()
    await page.goto(`${server.url}/journeys/${id}`)
    await foot(page)
      .getByText(/^\/states\/one\/after.*"two"/)
      .waitFor()
    expect(await page.getByRole('application').count()).toBe(0)
    expect(await foot(page).getByText('The drawing').count()).toBe(0)
    await text(page).getByText('"two"').dblclick()
    await page.keyboard.type('three')
    await page.getByRole('application').waitFor()
    await expect.poll(async () => (await draft()).states['one']?.after, SOON).toEqual({ P1D: 'three' })
  })
})

async function appears(what: Locator): Promise<true> {
  await what.waitFor()
  return true
}
