// One project per folder that is tested, so that `npm test -- --project engine` answers in seconds.
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      project('engine', ['test/engine/**/*.test.ts', 'test/journeys/**/*.test.ts']),
      project('server', ['test/server/**/*.test.ts'], {
        setupFiles: ['test/support/leaks.ts'],
        testTimeout: 30_000,
      }),
      project('editor', ['test/editor/**/*.test.{ts,tsx}']),
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

function project(name: string, include: string[], more: object = {}): TestProjectConfiguration {
  return { test: { name, include, ...more } }
}
