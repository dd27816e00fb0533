// `npm test [-- vitest's arguments]`: runs vitest and ends with one line for people and scripts, `N passed, N failed`.
// A fault outside of a test (a file that does not load, coverage below its gate, a leak) counts as one failure.
// Coverage is measured where it has a gate, by the engine's own tests: it would slow down all others.
import { parseCLI, startVitest, type TestModule } from 'vitest/node'

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const { coverage, ...others } = options
const runs =
  coverage?.enabled && !options.project
    ? [
        { ...options, project: ['engine'] },
        { ...others, project: ['!engine'] },
      ]
    : [options]

const modules: TestModule[] = []
let faults = 0
for (const run of runs) {
  const vitest = await startVitest(filter, { ...run, run: true, watch: false })
  modules.push(...vitest.state.getTestModules())
  faults += vitest.state.getUnhandledErrors().length
  await vitest.close()
}

const tests = modules.flatMap((module) => [...module.children.allTests()])
const passed = tests.filter((test) => test.result().state === 'passed').length
const skipped = tests.filter((test) => test.result().state === 'skipped').length
const failed =
  tests.filter((test) => test.result().state === 'failed').length + modules.filter(brokenOutside).length
const silent = failed + faults === 0 && process.exitCode !== undefined && Number(process.exitCode) !== 0

if (skipped > 0) console.log(`${skipped} skipped`)
console.log(`${passed} passed, ${failed + faults + (silent ? 1 : 0)} failed`)

/** A file that failed without a failed test: it did not load, or a hook of it threw. */
function brokenOutside(module: TestModule): boolean {
  const failedTests = [...module.children.allTests('failed')]
  return module.state() === 'failed' && failedTests.length === 0
}
