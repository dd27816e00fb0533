/** Connections to PostgreSQL that break at the worst moment: when a transaction is about to be committed, or for good. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CuttingProxy {
  /** The same database by way of the proxy. */
  readonly url: string
  /**
   * Cuts the connection at the next commit: before the server hears of it, or after it but before it can answer. Nobody
   * is connected again until `meanwhile` has ended.
   */
  readonly cutNext: (when: 'before' | 'after', meanwhile?: () => Promise<void>) => void
  /** Once somebody asks something with these words in it, the database is gone for all and does not come back. */
  readonly goneAt: (words: string) => void
  /** How often it has cut. */
  readonly cuts: () => number
  readonly close: () => Promise<void>
}

/** A simple query `commit`, as the driver sends it. */
const COMMIT = Buffer.from('Q\0\0\0\x0bcommit\0')

export async function startCuttingProxy(database: string): Promise<CuttingProxy> {
  const target = new URL(database)
  const sockets = new Set<Socket>()
  let next: 'before' | 'after' | undefined
  let nextMeanwhile = () => Promise.resolve()
  let reachable = Promise.resolve()
  let lastWords: string | undefined
  let cuts = 0

  const server = createServer({ pauseOnConnect: true }, (client) => {
    void reachable.then(() => join(client))
  })
  const join = (client: Socket) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    }
    const cut = () => {
      cuts += 1
      reachable = nextMeanwhile()
      client.destroy()
      upstream.end()
    }
    client.on('data', (bytes: Buffer) => {
      if (lastWords !== undefined && bytes.includes(lastWords)) {
        server.close()
        for (const socket of sockets) socket.destroy()
        return
      }
      const when = bytes.includes(COMMIT) ? next : undefined
      if (when) next = undefined
      if (when === 'before') return cut()
      if (when === 'after') upstream.removeAllListeners('data')
      upstream.write(bytes, when === 'after' ? cut : undefined)
    })
    upstream.on('data', (bytes: Buffer) => client.write(bytes))
    client.on('close', () => upstream.end())
    upstream.on('close', () => client.destroy())
    client.resume()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(database), { port: String(port) }).href,
    cutNext: (when, meanwhile = () => Promise.resolve()) => {
      next = when
      nextMeanwhile = meanwhile
    },
    goneAt: (words) => void (lastWords = words),
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}
