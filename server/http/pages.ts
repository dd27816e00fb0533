/**
 * The page, as vite built it into `dist/`. Files of the build have names that change with their content, so browsers keep
 * them for good; every other address a person may open is the page itself, which reads the address.
 */
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Hono, type Context } from 'hono'

export const DIST = join(import.meta.dirname, '../../dist')

/** Addresses of programs: no page of ours is below them. */
const RESERVED = /^\/(?:api|v1|hooks|t|u|assets|healthz|readyz|metrics)(?:\/|$)/

export const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
} as const

const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

interface BuiltFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly packed: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
}

/** Serves what stands in `folder`. Its files are listed at the first call: nothing else of the disk can be asked for. */
export function pageRoutes(folder: string) {
  let listing: Promise<ReadonlySet<string>> | undefined
  const files = new Map<string, Promise<BuiltFile>>()

  const file = (path: string) => {
    const known = files.get(path) ?? load(folder, path)
    files.set(path, known)
    return known
  }
  const names = async () => {
    const listed = await (listing ??= list(folder))
    // Not built yet: looked for again next time.
    if (!listed.has('/index.html')) listing = undefined
    return listed
  }

  return new Hono().get('*', async (c, next) => {
    const built = await names()
    const path = c.req.path
    if (path !== '/' && path !== '/index.html' && built.has(path))
      return answer(c, await file(path), isHashed(path))
    const isPage = path === '/' || path === '/index.html' || (!RESERVED.test(path) && asksForPage(c))
    if (!isPage) return next()
    if (!built.has('/index.html')) return c.text('The page has not been built yet: npm run build\n', 503)
    return answer(c, await file('/index.html'), false)
  })
}

function isHashed(path: string): boolean {
  return path.startsWith('/assets/')
}

/** A browser that opens an address says that it wants a page; one that loads a part of a page does not. */
function asksForPage(c: Context): boolean {
  return c.req.header('accept')?.includes('text/html') ?? false
}

async function list(folder: string): Promise<ReadonlySet<string>> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const found = entries.filter((entry) => entry.isFile())
    return new Set(
      found.map(
        ({ parentPath, name }) => `/${relative(folder, join(parentPath, name)).split(sep).join('/')}`,
      ),
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set()
    throw error
  }
}

async function load(folder: string, path: string): Promise<BuiltFile> {
  const bytes = await readFile(join(folder, path))
  return {
    bytes: new Uint8Array(bytes),
    packed: new Uint8Array(await promisify(gzip)(bytes, { level: 9 })),
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  }
}

function answer(c: Context, { bytes, packed, type, etag }: BuiltFile, forGood: boolean): Response {
  const headers = {
    ...SECURITY_HEADERS,
    'Cache-Control': forGood ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
    Vary: 'Accept-Encoding',
  }
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
  const packs = c.req.header('accept-encoding')?.includes('gzip') && packed.length < bytes.length
  return packs
    ? c.body(packed, 200, { ...headers, 'Content-Type': type, 'Content-Encoding': 'gzip' })
    : c.body(bytes, 200, { ...headers, 'Content-Type': type })
}
