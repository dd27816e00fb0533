// Lint for bugs and for the direction of imports (see ARCHITECTURE.md); biome does the formatting.
// test/house.test.ts plants a fault for every guard, so that one gone silent is noticed.
import { defineConfig } from 'oxlint'

// About import patterns (oxlint 1.89): they meet the text in quotes, with `import type`, `export … from` and
// `import(…)` included. The last match wins, as in .gitignore. A `!name` frees the name from every group of the
// rule, hence one group each; of several overrides for a file the last replaces the others.

/** Packages that belong to the engine, and all of the engine but its index. */
const INSIDE_ENGINE = [
  '**/engine/**',
  '!**/engine/index.ts',
  ...['xstate', 'liquidjs', 'temporal-polyfill'].flatMap((name) => [name, `${name}/**`]),
]

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'react', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['node_modules', 'dist', 'coverage', '.cache', 'data'],
  rules: {
    'typescript/no-floating-promises': 'error', // an un-awaited promise in a worker is a lost mail
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error', // also refuses `import('…').Type`, which escapes the patterns
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],

    // Off, each for what it fights:
    'react/react-in-jsx-scope': 'off', // the automatic JSX runtime needs no React in scope
    'eslint/no-await-in-loop': 'off', // a worker and a test act in order on purpose
    'eslint/no-shadow': 'off', // short callbacks use the natural word (event, step) again
    'oxc/no-map-spread': 'off', // readonly records are changed by spreading
    'typescript/consistent-return': 'off', // a switch to the end needs no return behind it; tsc sees to the rest
    'typescript/no-unsafe-type-assertion': 'off', // `Object.keys(table) as Kind[]` cannot be said otherwise
    'unicorn/prefer-set-has': 'off', // a list is the source of its union, and short
    'vitest/no-conditional-expect': 'off', // a table of cases checks what each case names
    'unicorn/consistent-function-scoping': 'off', // a helper used once stays next to its use
  },
  overrides: [
    {
      files: ['engine/**'],
      rules: {
        'no-restricted-imports': engineMayImport(),
        'no-restricted-properties': [
          'error',
          { object: 'Math', property: 'random', message: 'Take a number or a seed as an argument.' },
        ],
      },
    },
    {
      files: ['engine/**'],
      excludeFiles: ['engine/calendar.ts'],
      rules: {
        'no-restricted-globals': [
          'error',
          { name: 'Date', message: 'Take `now` as an argument; only calendar.ts names Date.' },
          { name: 'globalThis', message: 'The engine knows no globals.' },
        ],
      },
    },
    { files: ['engine/machine.ts'], rules: { 'no-restricted-imports': engineMayImport('xstate') } },
    {
      files: ['engine/dialect/**', 'engine/journey.ts', 'engine/parse.ts'],
      rules: { 'no-restricted-imports': engineMayImport('zod') },
    },
    {
      files: ['engine/calendar.ts'],
      rules: { 'no-restricted-imports': engineMayImport('temporal-polyfill') },
    },
    { files: ['engine/template.ts'], rules: { 'no-restricted-imports': engineMayImport('liquidjs') } },

    // main -> http, work -> runtime -> store, never back.
    { files: ['server/**'], rules: { 'no-restricted-imports': serverMustNotImport() } },
    {
      files: ['server/http/**'],
      rules: { 'no-restricted-imports': serverMustNotImport('**/main.ts', '**/work/**') },
    },
    {
      files: ['server/work/**'],
      rules: { 'no-restricted-imports': serverMustNotImport('**/main.ts', '**/http/**') },
    },
    {
      files: ['server/runtime/**'],
      rules: { 'no-restricted-imports': serverMustNotImport('**/main.ts', '**/http/**', '**/work/**') },
    },
    {
      files: ['server/store/**'],
      rules: {
        'no-restricted-imports': serverMustNotImport(
          '**/main.ts',
          '**/http/**',
          '**/work/**',
          '**/runtime/**',
        ),
      },
    },

    {
      files: ['editor/**'],
      rules: {
        'no-restricted-imports': ['error', editorImports()],
        // The types of a package may bring Node's along, so that tsc alone would let these pass.
        'no-restricted-globals': [
          'error',
          'process',
          'Buffer',
          'global',
          'setImmediate',
          '__dirname',
          'require',
        ],
      },
    },
    {
      files: ['editor/builder/document/**'],
      rules: { 'no-restricted-imports': ['error', documentImports()] },
    },
  ],
})

function engineMayImport(...packages: string[]): ['error', object] {
  const group = [
    '*',
    ...['./**', '../**', ...packages, ...packages.map((name) => `${name}/**`)].map(
      (allowed) => `!${allowed}`,
    ),
    ...['server', 'editor', 'test', 'journeys'].map((folder) => `**/${folder}/**`),
  ]
  const message =
    'The engine imports nothing from outside engine/, but for xstate (in machine.ts), zod (dialect/, journey.ts, parse.ts), temporal-polyfill (calendar.ts) and liquidjs (template.ts).'
  return ['error', { patterns: [{ group, message }] }]
}

function serverMustNotImport(...upward: string[]): ['error', object] {
  const message =
    'In the server main -> http, work -> runtime -> store, never back; of the engine index.ts alone, and its packages stay in it.'
  return [
    'error',
    { patterns: [{ group: [...INSIDE_ENGINE, '**/editor/**', '**/test/**', ...upward], message }] },
  ]
}

function editorImports(): object {
  const group = [...INSIDE_ENGINE, '**/server/**', '**/test/**', 'node:*']
  const message = 'The editor imports engine/index.ts and nothing of the server.'
  return { patterns: [{ group, message }] }
}

/** The document of the builder is pure: it knows neither the page around it nor React. */
function documentImports(): object {
  const page =
    'canvas code commands conditions frame gallery mail palette panels problems publish saving state steps'
  const group = [
    ...INSIDE_ENGINE,
    '**/server/**',
    '**/test/**',
    ...page.split(' ').map((folder) => `../${folder}/**`),
    'react',
    '@mantine/**',
    '@xyflow/**',
    '@tanstack/**',
  ]
  return {
    patterns: [{ group, message: 'In the builder canvas, panels, forms -> document -> engine, never back.' }],
  }
}
