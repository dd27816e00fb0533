// Somebody who sees the page for the first time, from the printed link: how much there is to click until an own rule counts.
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiOf } from '../support/api.ts'
import { launchBrowser } from '../support/browser.ts'
import { loginLink } from '../support/login.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'

/** More clicks than this, and a newcomer has gone to have a coffee. */
const MOST_CLICKS = 15

let server: ServerProcess
let browser: Browser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

test('the shipped model is live; ten points become fifteen, are published, and the next event earns them', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  let clicks = 0
  await context.exposeFunction('clicked', () => clicks++)
  await context.addInitScript(() => {
    addEventListener(
      'click',
      ({ isTrusted }) => isTrusted && (window as unknown as { clicked: () => void }).clicked(),
      true,
    )
  })
  const page = await context.newPage()

  await page.goto(loginLink(server))
  await page.getByRole('button', { name: 'Kept here' }).waitFor()
  const card = page.getByRole('article').filter({ hasText: 'Engagement: points for reading what we offer' })
  await card.getByText('Live v1').waitFor()
  await card.getByRole('link').click()

  await page.getByRole('application').getByText('10 points for the download').click()
  const form = page.getByRole('complementary', { name: 'Settings of what is selected' })
  await form.getByLabel('How much').fill('15')
  await page.getByText('1 change not published').waitFor()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Adds 15 points').waitFor()
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText('Live v2').waitFor()

  const api = apiOf(server)
  await api.identify('ada', { email: 'ada@acme-shipping.io', firstName: 'Ada' })
  await api.track('ada', 'resource_downloaded', { title: 'Guide' })

  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByRole('link', { name: 'Ada' }).click()
  const history = page.getByRole('region', { name: 'Score history' })
  await history.getByText('+15', { exact: true }).waitFor()
  await history.getByText('Added 15: resource downloaded').waitFor()
  await history.getByText('Engagement: points for reading what we offer v2').waitFor()
  expect(await api.score('ada')).toBe(15)
  expect(clicks).toBeGreaterThan(4)
  expect(clicks).toBeLessThanOrEqual(MOST_CLICKS)
  await context.close()
})
