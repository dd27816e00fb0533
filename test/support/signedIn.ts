// A real server and a real browser that is signed in to it by a printed link, for tests that drive the page.
import type { Browser, BrowserContext, ConsoleMessage, Page } from 'playwright'
import { apiOf } from './api.ts'
import { launchBrowser } from './browser.ts'
import { loginLink } from './login.ts'
import { startServer, type ServerOptions, type ServerProcess } from './serverProcess.ts'

export interface SignedIn {
  readonly server: ServerProcess
  readonly browser: Browser
  /** A browser that is signed in. */
  readonly context: BrowserContext
  readonly api: ReturnType<typeof apiOf>
  /** Opens an address in a tab that notes what the browser complains about; the tab is closed after the look. */
  readonly look: <Result>(
    path: string,
    see: (page: Page, complaints: readonly string[]) => Promise<Result>,
  ) => Promise<Result>
  readonly stop: () => Promise<void>
}

/** Starts both, in the sandbox unless the environment says otherwise. The caller stops them. */
export async function signedIn(env: ServerOptions['env'] = {}): Promise<SignedIn> {
  const [server, browser] = await Promise.all([
    startServer({ env: { TIDEMARK_SANDBOX: '1', ...env } }),
    launchBrowser(),
  ])
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(loginLink(server))
  await page.getByRole('heading', { name: 'Journeys', level: 1 }).waitFor()
  await page.close()
  return {
    server,
    browser,
    context,
    api: apiOf(server),
    look: (path, see) => look(context, `${server.url}${path}`, see),
    stop: async () => {
      await browser.close()
      await server.stop()
    },
  }
}

async function look<Result>(
  context: BrowserContext,
  address: string,
  see: (page: Page, complaints: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', ({ message }) => complaints.push(message))
  try {
    await page.goto(address)
    return await see(page, complaints)
  } finally {
    await page.close()
  }
}
