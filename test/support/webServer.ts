// A real HTTP server that keeps what it gets, and answers as a test wants: politely, slowly, endlessly, or not at all.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WebRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface WebAnswer {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

/** `drop` hangs up without a word, `silence` says nothing, `half` breaks off in its answer, `endless` never comes to its end. */
export type WebConduct = WebAnswer | 'drop' | 'silence' | 'half' | 'endless'

export interface TestWebServer {
  /** Without a slash at the end. */
  readonly url: string
  readonly port: number
  /** Every request that arrived in full, oldest first. */
  readonly requests: readonly WebRequest[]
  readonly stop: () => Promise<void>
}

/** `conductOf` is asked for each request, counted from 0. */
export async function startWebServer(
  conductOf: (request: WebRequest, count: number) => WebConduct = () => ({}),
  host = '127.0.0.1',
): Promise<TestWebServer> {
  const requests: WebRequest[] = []
  const server = createServer((incoming, response) => {
    let body = ''
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming
      const request = { method, path, headers, body }
      requests.push(request)
      behave(conductOf(request, requests.length - 1), response)
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    requests,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function behave(conduct: WebConduct, response: ServerResponse): void {
  response.on('error', () => {}) // the other side may hang up, too
  switch (conduct) {
    case 'silence':
      return
    case 'drop':
      response.destroy()
      return
    case 'half':
      response.writeHead(200, { 'content-length': '100' }).write('{"half":')
      setImmediate(() => response.destroy())
      return
    case 'endless': {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      }
      response.on('drain', more).writeHead(200)
      more()
      return
    }
    default:
      response.writeHead(conduct.status ?? 200, conduct.headers).end(conduct.body)
  }
}
