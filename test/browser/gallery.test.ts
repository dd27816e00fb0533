// How journeys come to be: from the gallery, from nothing, as a copy, from a file; and how they go.
import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Journey } from '../../engine/index.ts'
import { journeyText, shippedJourney } from '../journeys/shipped.ts'
import { apiOf } from '../support/api.ts'
import { launchBrowser } from '../support/browser.ts'
import { loginLink } from '../support/login.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'

let server: ServerProcess
let browser: Browser
let api: ReturnType<typeof apiOf>
let context: BrowserContext

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ env: { TIDEMARK_SANDBOX: '1' } }), launchBrowser()])
  api = apiOf(server)
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(loginLink(server))
  await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
  await page.close()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

interface Detail {
  readonly status: string
  readonly draft: Journey
}
const detail = (id: string) => api.must<Detail>('GET', `/journeys/${id}`)
const idOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? ''

async function look<Result>(path: string, see: (page: Page) => Promise<Result>): Promise<Result> {
  const page = await context.newPage()
  try {
    await page.goto(`${server.url}${path}`)
    return await see(page)
  } finally {
    await page.close()
  }
}

async function appears(what: Locator): Promise<true> {
  await what.waitFor()
  return true
}

describe('a new journey', () => {
  test('begins in the gallery, with a copy of one that works', () =>
    look('/journeys', async (page) => {
      await page.getByRole('link', { name: 'New journey' }).click()
      const { name } = shippedJourney('guide').meta
      const card = page.getByRole('article', { name })
      await card.getByRole('img', { name: `Drawing of “${name}”` }).waitFor()
      await card.getByText('Newsletter subscribed').getByText('not yet').waitFor()
      await card.getByText('A guide to read before you decide').waitFor()
      await card.getByRole('button', { name: `Use “${name}”` }).click()
      await page.getByRole('application').waitFor()
      expect(idOf(page)).toBe('guide2')
      const { status, draft } = await detail('guide2')
      expect(status).toBe('draft')
      expect(draft.meta.name).toBe(`${name} (copy)`)
      expect(draft.states).toEqual(shippedJourney('guide').states)
    }))

  test('begins with nothing but a name', () =>
    look('/gallery', async (page) => {
      await page.getByRole('button', { name: 'Start blank' }).click()
      await page.getByLabel('What is it called?').fill('Café: for friends')
      await page.keyboard.press('Enter')
      await page.getByRole('application').waitFor()
      expect(idOf(page)).toBe('cafe-for-friends')
      expect((await detail('cafe-for-friends')).draft.meta.name).toBe('Café: for friends')
    }))

  test('is installed with all the others of the article, those that are there stay', () =>
    look('/gallery', async (page) => {
      await page.getByRole('button', { name: 'Install all as drafts' }).click()
      expect(
        await appears(
          page.getByText('Nothing was missing. 12 journeys were there already and stay as they are.'),
        ),
      ).toBe(true)
    }))
})

describe('a file', () => {
  test('goes out to the letter as it came with the product, and comes in again', () =>
    look('/journeys/fast-track', async (page) => {
      await page.getByRole('application').waitFor()
      await page.getByRole('button', { name: 'More' }).click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'Export the file' }).click(),
      ])
      expect(file.suggestedFilename()).toBe('fast-track.json')
      const path = await file.path()
      expect(readFileSync(path, 'utf8')).toBe(journeyText('fast-track'))

      await page.goto(`${server.url}/journeys`)
      await page.getByRole('button', { name: 'Import a file' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('input[type=file]').setInputFiles({
        name: 'fast-track.json',
        mimeType: 'application/json',
        buffer: readFileSync(path),
      })
      await dialog.getByText('This is “Fast track').waitFor()
      await dialog.getByRole('button', { name: 'Import' }).click()
      await dialog.getByText('There is a journey “fast-track” already').waitFor()
      await dialog.getByLabel('Id').fill('faster-track')
      await dialog.getByRole('button', { name: 'Import' }).click()
      await page.getByRole('application').waitFor()
      expect((await detail('faster-track')).draft).toEqual({
        ...shippedJourney('fast-track'),
        id: 'faster-track',
      })
    }))

  test('with problems tells them all before it is imported, and no file is refused with the reason', () =>
    look('/journeys', async (page) => {
      await page.getByRole('button', { name: 'Import a file' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('or paste its text here').fill('{ "id": "half",')
      await dialog.getByText(/This is no journey file: .*line 1, column/i).waitFor()
      expect(await dialog.getByRole('button', { name: 'Import' }).isDisabled()).toBe(true)
      await dialog
        .getByLabel('or paste its text here')
        .fill('{ "id": "half", "meta": { "name": "Half done" } }')
      await dialog.getByText('This is “Half done”').waitFor()
      await dialog.getByText(/errors.*can be mended afterwards/).waitFor()
      await dialog.getByRole('button', { name: 'Import' }).click()
      await page.getByRole('textbox', { name: 'The journey as its file' }).waitFor()
      expect((await detail('half')).draft.meta.name).toBe('Half done')
    }))

  test('takes the place of the open draft as one change that can be undone', () =>
    look('/journeys/faster-track', async (page) => {
      await page.getByRole('application').waitFor()
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Replace by a file' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('or paste its text here').fill(journeyText('welcome'))
      await dialog.getByText('The file calls itself “welcome”').waitFor()
      await dialog.getByRole('button', { name: 'Replace the draft' }).click()
      const states = async () => Object.keys((await detail('faster-track')).draft.states)
      const soon = { timeout: 15_000 }
      await expect.poll(states, soon).toEqual(Object.keys(shippedJourney('welcome').states))
      expect((await detail('faster-track')).draft.id).toBe('faster-track')
      await page.getByRole('button', { name: 'Undo' }).click()
      await expect.poll(states, soon).toEqual(Object.keys(shippedJourney('fast-track').states))
    }))
})

describe('the list of journeys', () => {
  const menu = (page: Page, name: string) =>
    page.getByRole('button', { name: `What can be done with “${name}”` }).click()

  test('duplicates, deletes what was never published, and brings it back', () =>
    look('/journeys', async (page) => {
      const { name } = shippedJourney('quote-received').meta
      await menu(page, name)
      await page.getByRole('menuitem', { name: 'Duplicate' }).click()
      await page.getByRole('application').waitFor()
      const id = idOf(page)
      await page.goto(`${server.url}/journeys`)
      await menu(page, `${name} (copy)`)
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await page.getByText(`“${name} (copy)” is deleted.`).waitFor()
      expect((await api.admin('GET', `/journeys/${id}`)).status).toBe(404)
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('link', { name: `${name} (copy)` }).waitFor()
      expect((await detail(id)).draft.states).toEqual(shippedJourney('quote-received').states)
      await menu(page, name)
      await page.getByRole('menuitem', { name: 'Archive' }).waitFor()
      expect(await page.getByRole('menuitem', { name: 'Delete' }).count(), 'it was published').toBe(0)
    }))

  test('puts archived ones behind a link, and takes them out again', () =>
    look('/journeys', async (page) => {
      const { name } = shippedJourney('quote-received').meta
      await menu(page, name)
      await page.getByRole('menuitem', { name: 'Archive' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click()
      await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' })
      await page.getByRole('link', { name: 'Archived (1)' }).click()
      await menu(page, name)
      await page.getByRole('menuitem', { name: 'Take out of the archive' }).click()
      await page.getByRole('dialog').getByRole('button').last().click()
      await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' })
      await page.getByRole('link', { name: 'Back to the journeys in use' }).click()
      expect(await appears(page.getByRole('link', { name, exact: true }))).toBe(true)
    }))

  test('tells how much of a live one is not published yet, and finds one by a word', () =>
    look('/journeys', async (page) => {
      const journey = shippedJourney('bands')
      const { headers } = await api.admin('GET', '/journeys/bands')
      await api.admin(
        'PUT',
        '/journeys/bands',
        { ...journey, meta: { ...journey.meta, description: 'Other words' } },
        { 'If-Match': headers.get('etag') ?? '' },
      )
      const card = page.getByRole('article').filter({ hasText: journey.meta.name })
      await card.getByText('1 change not published').waitFor()
      await page.getByLabel('Search a journey').fill('qUiEt')
      await card.waitFor({ state: 'detached' })
      expect(await page.getByRole('article').count()).toBe(1)
      await page.getByLabel('Search a journey').fill('nothing like it')
      await page.getByText('None is called “nothing like it”.').waitFor()
      await page.getByRole('button', { name: 'Show all journeys' }).click()
      expect(await appears(card)).toBe(true)
    }))
})
