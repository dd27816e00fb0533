// One project per folder that is tested, so that `npm test -- --project engine` answers in seconds.
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

/** What must come at last is waited for as long as a busy machine may need; the default is one second. */
const POLL = { timeout: 20_000 }
const CRASHES = 'test/server/postgres/crash.test.ts'
const ON_POSTGRES = {
  globalSetup: ['test/support/postgresSetup.ts'],
  setupFiles: ['test/support/leaks.ts'],
  env: { TIDEMARK_TEST_POSTGRES: '1' },
  // Each question waits for its turn on a busy machine, and there are thousands.
  testTimeout: 180_000,
  hookTimeout: 180_000,
}

export default defineConfig({
  test: {
    // One more than there are cores: of those that drive real servers some always wait.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // Laws drawn at random take seconds where the machine is busy.
      project('engine', ['test/engine/**/*.test.ts', 'test/journeys/**/*.test.ts'], { testTimeout: 60_000 }),
      project('server', ['test/server/*.test.ts'], {
        setupFiles: ['test/support/leaks.ts'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      // The same tests again, all that touch storage, each file on PostgreSQL.
      project('postgres', [...storageTests(), 'test/server/postgres/*.test.ts'], {
        ...ON_POSTGRES,
        exclude: [CRASHES],
      }),
      // Waits longest, so that it begins early: projects go by their names.
      project('crash', [CRASHES], ON_POSTGRES),
      project('editor', ['test/editor/**/*.test.{ts,tsx}'], { testTimeout: 60_000 }),
      // Drives the real page in a real Chromium against a real server process, from Node.
      project('browser', ['test/browser/**/*.test.ts'], {
        globalSetup: ['test/support/browserSetup.ts'],
        setupFiles: ['test/support/leaks.ts'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      project('house', ['test/*.test.ts'], { testTimeout: 60_000 }),
    ],
    // Complete coverage is natural for pure code; elsewhere a gate breeds fake tests.
    coverage: {
      provider: 'v8',
      include: ['engine/**/*.ts'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { lines: 100, branches: 100 },
    },
  },
})

/** The tests of the server that open a database, told by what they import. */
function storageTests(): string[] {
  // One is about SQLite alone, one about both at once, and one has a twin there.
  const APART = ['oneProcess.test.ts', 'move.test.ts', 'crash.test.ts']
  const folder = 'test/server'
  const opens = /support\/(?:database|store|installation|serverProcess)/
  return readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts') && !APART.includes(file))
    .map((file) => `${folder}/${file}`)
    .filter((file) => opens.test(readFileSync(file, 'utf8')))
}

function project(name: string, include: string[], more: object = {}): TestProjectConfiguration {
  return { test: { name, include, expect: { poll: POLL }, ...more } }
}
