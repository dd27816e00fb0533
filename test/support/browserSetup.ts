// Runs once before the browser tests: the page as it is now, and the browser unpacked before workers race for it.
import { buildPageWhenStale } from '../../server/buildPage.ts'
import { findBrowser } from './browser.ts'

export async function setup(): Promise<void> {
  buildPageWhenStale()
  const { source } = await findBrowser()
  console.log(`Browser for the tests: ${source}`)
}
