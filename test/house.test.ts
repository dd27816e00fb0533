// A guard that has gone silent looks like clean code. So each guard gets a fault planted, in a small copy of the house.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const run = promisify(execFile)

/** Files to plant, by the rule that must report each of them, or `nothing` where the code is allowed. */
const PLANTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'eslint(no-restricted-imports)': {
    'engine/a1.ts': `import type { App } from '../server/http/app.ts'; export type A = App`,
    'engine/a2.ts': `export * from '../editor/model.ts'`,
    'engine/a3.ts': `export const load = () => import('../server/http/app.ts')`,
    'engine/verify/a4.ts': `import { app } from '../../server/http/app.ts'; export const a = app`,
    'engine/a5.ts': `import { createMachine } from 'xstate'; export const a = createMachine`,
    'engine/a6.ts': `import { readFileSync } from 'node:fs'; export const a = readFileSync`,
    'engine/machine.ts': `import { z } from 'zod'; export const a = z`,
    'engine/journey.ts': `import type { Temporal } from 'temporal-polyfill'; export type A = Temporal.Instant`,
    'server/a1.ts': `import { decide } from '../engine/decide.ts'; export const a = decide`,
    'server/a2.ts': `import { createMachine } from 'xstate'; export const a = createMachine`,
    'server/store/a3.ts': `import type { Run } from '../runtime/run.ts'; export type A = Run`,
    'server/store/jobs/a4.ts': `import { app } from '../../http/app.ts'; export const a = app`,
    'server/runtime/a5.ts': `import { app } from '../http/app.ts'; export const a = app`,
    'server/http/a6.ts': `import { work } from '../work/work.ts'; export const a = work`,
    'server/work/a7.ts': `import { app } from '../http/app.ts'; export const a = app`,
    'server/work/a8.ts': `import { main } from '../main.ts'; export const a = main`,
    'editor/a1.ts': `import type { App } from '../server/http/app.ts'; export type A = App`,
    'editor/a2.ts': `import { decide } from '../engine/decide.ts'; export const a = decide`,
    'editor/builder/document/a1.ts': `import { Canvas } from '../canvas/Canvas.tsx'; export const a = Canvas`,
    'editor/builder/document/a2.ts': `import { useState } from 'react'; export const a = useState`,
    'editor/a4.ts': `import { app } from '../server/http/app.ts'; export const a = app`,
  },
  'typescript(consistent-type-imports)': {
    'engine/a7.ts': `export type A = import('../server/http/app.ts').App`,
  },
  'import(no-cycle)': {
    'engine/one.ts': `import type { Two } from './two.ts'; export type One = { two: Two | null }`,
    'engine/two.ts': `import type { One } from './one.ts'; export type Two = { one: One | null }`,
  },
  'eslint(no-restricted-globals)': {
    'engine/b1.ts': `export const a = () => Date.now()`,
    'engine/b2.ts': `export const a = () => new Date(0)`,
    'engine/b3.ts': `export const a = () => new globalThis.Date(0)`,
    'editor/a3.ts': `export const a = () => process.exit(1)`,
  },
  'eslint(no-restricted-properties)': {
    'engine/b4.ts': `export const a = () => Math.random()`,
  },
  'typescript(no-floating-promises)': {
    'server/c1.ts': `export async function send() {} export function work() { send() }`,
  },
  'typescript(switch-exhaustiveness-check)': {
    'server/c2.ts': `export function act(kind: 'a' | 'b') { switch (kind) { case 'a': console.log(1) } }`,
  },
  nothing: {
    'engine/index.ts': `export * from './decide.ts'`,
    'engine/decide.ts': `export const decide = 1`,
    'engine/calendar.ts': `import { Temporal } from 'temporal-polyfill'; export const a = [Temporal, Date]`,
    'engine/parse.ts': `import { z } from 'zod'; import { decide } from './decide.ts'; export const a = [z, decide]`,
    'engine/verify/index.ts': `import { decide } from '../decide.ts'; export const a = decide`,
    'server/main.ts': `import { app } from './http/app.ts'; import { decide } from '../engine/index.ts'; export const main = [app, decide]`,
    'server/http/app.ts': `import { run } from '../runtime/run.ts'; export const app = run; export type App = typeof app`,
    'server/runtime/run.ts': `import { createServer } from 'node:http'; export const run = createServer; export type Run = typeof run`,
    'server/work/work.ts': `import { run } from '../runtime/run.ts'; export const work = run`,
    'editor/model.ts': `import { decide } from '../engine/index.ts'; export const model = decide`,
  },
}

let house: string

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'tidemark-house-'))
  await Promise.all(
    [
      'oxlint.config.ts',
      'tsconfig.json',
      ...['engine', 'server', 'editor'].map((folder) => `${folder}/tsconfig.json`),
    ].map((file) => cp(join(ROOT, file), join(house, file))),
  )
  await symlink(join(ROOT, 'node_modules'), join(house, 'node_modules'))
})

afterAll(() => rm(house, { recursive: true, force: true }))

describe('lint', () => {
  let reported: ReadonlyMap<string, readonly string[]>

  beforeAll(async () => {
    for (const files of Object.values(PLANTED)) {
      for (const [path, code] of Object.entries(files)) await plant(path, `${code}\n`)
    }
    reported = await lint()
  })

  describe.each(Object.entries(PLANTED))('reports %s in', (rule, files) => {
    test.each(Object.keys(files))('%s', (path) => {
      expect(reported.get(path) ?? ['nothing']).toEqual([rule])
    })
  })
})

describe('the engine project', () => {
  test.each(['fetch', 'setTimeout', 'process', 'console', 'document', 'crypto', 'structuredClone'])(
    'knows no %s',
    async (name) => {
      await plant(
        `engine-of-${name}/tsconfig.json`,
        '{ "extends": "../engine/tsconfig.json", "include": ["*.ts"] }',
      )
      await plant(`engine-of-${name}/a.ts`, `export const a = ${name}\n`)
      expect(await output(tool('typescript', 'bin/tsc'), '-p', `engine-of-${name}`)).toContain(
        `Cannot find name '${name}'`,
      )
    },
  )
})

async function plant(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(house, path)), { recursive: true })
  await writeFile(join(house, path), text)
}

/** The rules that were reported, by file. */
async function lint(): Promise<Map<string, string[]>> {
  const { diagnostics } = JSON.parse(await output(tool('oxlint', 'bin/oxlint'), '--format', 'json')) as {
    diagnostics: { filename: string; code: string }[]
  }
  const byFile = Map.groupBy(diagnostics, ({ filename }) => filename)
  return new Map([...byFile].map(([file, found]) => [file, [...new Set(found.map(({ code }) => code))]]))
}

function tool(name: string, program: string): string {
  return join(ROOT, 'node_modules', name, program)
}

/** What a tool prints in the house, whether it is content or not: its complaints are what is asked for. */
async function output(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [program, ...args], { cwd: house }).catch(
    (error: Error & { stdout: string }) => error,
  )
  return stdout
}
