// `npm start` runs this before the server: it brings the page in dist/ up to date with its sources.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const ROOT = dirname(import.meta.dirname)
const PAGE = join(ROOT, 'dist/index.html')
const SOURCES = ['editor', 'engine', 'vite.config.ts']

if (import.meta.main) buildPageWhenStale()

/**
 * Builds the page when it is missing or older than its sources, and says so in one line; otherwise does nothing.
 * Without vite (installed with `--omit=dev`) a page that is there is taken as it is. Throws when there is no page.
 */
export function buildPageWhenStale(): void {
  const state = pageState()
  if (state === 'fresh') return
  const vite = viteProgram()
  if (vite === null) {
    if (state === 'missing')
      throw new Error('dist/ has no page, and vite is not installed to build it: npm ci')
    console.log('The page in dist/ is older than its sources; vite is not installed, so it is used as it is.')
    return
  }
  console.log(`Building the page: dist/ is ${state}.`)
  const build = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: ROOT,
    stdio: 'inherit',
    // A test runner's environment would leave a page in dist/ that is larger and slower than the product's.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (build.status !== 0)
    throw new Error(`the page could not be built (vite ended with ${build.status ?? build.signal})`)
}

function pageState(): 'missing' | 'older than its sources' | 'fresh' {
  if (!existsSync(PAGE)) return 'missing'
  const newest = Math.max(...SOURCES.map((source) => newestChange(join(ROOT, source))))
  return newest > statSync(PAGE).mtimeMs ? 'older than its sources' : 'fresh'
}

/** Folders count too: theirs is the time at which a file in them was removed. */
function newestChange(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  const inside = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return Math.max(stats.mtimeMs, ...inside.map((name) => statSync(join(path, name)).mtimeMs))
}

function viteProgram(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}
