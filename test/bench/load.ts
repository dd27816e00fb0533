/**
 * The load, in a process of its own: keep-alive connections that each send the next request when the last is answered
 * (no pipelining). Written on bare sockets, as every HTTP client tried took more processor time than the server. Reads
 * a `Load` as its one argument, prints a `LoadResult`.
 */
import { connect } from 'node:net'
import { bodyOf, eventAt, type Sequence } from './sequence.ts'

export interface Load {
  /** Where the servers listen; the connections are shared out among them. */
  readonly ports: readonly number[]
  readonly authorization: string
  readonly connections: number
  readonly sequence: Sequence
  /** Events in a request: 1 goes to `/v1/track`, more to `/v1/batch`. */
  readonly perRequest: number
}

export interface LoadResult {
  readonly eventsPerSecond: number
  /** Milliseconds from a request's first byte to its answer's last. */
  readonly p50: number
  readonly p99: number
  /** How much of one processor the load itself took: near 1 it, and not the server, was measured. */
  readonly busy: number
}

const load = JSON.parse(process.argv[2] ?? '') as Load
const requests = prepared(load)
const times: number[] = []
let next = 0

const [cpu, start] = [process.cpuUsage(), performance.now()]
await Promise.all(Array.from({ length: load.connections }, (_, place) => connection(place)))
const elapsed = performance.now() - start
const { user, system } = process.cpuUsage(cpu)
times.sort((a, b) => a - b)
const result: LoadResult = {
  eventsPerSecond: (load.sequence.events / elapsed) * 1_000,
  p50: times[Math.floor(times.length * 0.5)] ?? 0,
  p99: times[Math.floor(times.length * 0.99)] ?? 0,
  busy: (user + system) / 1_000 / elapsed,
}
process.stdout.write(JSON.stringify(result))

/** All requests as bytes, so that making them is not measured. */
function prepared({ authorization, sequence, perRequest }: Load): readonly Buffer[] {
  const path = perRequest === 1 ? '/v1/track' : '/v1/batch'
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: ${authorization}\r\n`
  const requests: Buffer[] = []
  for (let first = 0; first < sequence.events; first += perRequest) {
    const count = Math.min(perRequest, sequence.events - first)
    const bodies = Array.from({ length: count }, (_, n) =>
      bodyOf(eventAt(sequence, first + n), sequence.heard),
    )
    const body = JSON.stringify(perRequest === 1 ? bodies[0] : { batch: bodies })
    requests.push(Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`))
  }
  return requests
}

/** One connection's part of the work. Rejects at the first answer that is no 200. */
function connection(place: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const port = load.ports[place % load.ports.length] ?? 0
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let [sentAt, answer] = [0, '']
    const send = () => {
      const request = requests[next++]
      if (!request) return void socket.end(resolve)
      sentAt = performance.now()
      socket.write(request)
    }
    socket.on('connect', send).on('error', reject)
    socket.setEncoding('latin1').on('data', (text) => {
      answer += text
      if (!isWhole(answer)) return
      times.push(performance.now() - sentAt)
      if (!answer.startsWith('HTTP/1.1 200')) return reject(new Error(answer))
      answer = ''
      send()
    })
  })
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /^content-length: (\d+)/im.exec(answer)?.[1]
  return length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= end + 4 + Number(length)
}
