// The promise of at most once, tried: a server under load, with mail going out, is killed at random moments and started
// again on the same folder. What must hold at the end is counted in its own file, by SQL, and at the SMTP server.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import type { Journey, Step } from '../../engine/index.ts'
import { apiOf, ask, BASIC } from './api.ts'
import { runCommand } from './command.ts'
import { END, update, wait } from './entries.ts'
import { freePort } from './freePort.ts'
import { journeyOf, triggerTo } from './journeys.ts'
import { startServer, type ServerProcess } from './serverProcess.ts'
import { startSmtpServer } from './smtp.ts'

export type CrashOptions = {
  readonly kills: number
  readonly seed: number
  /** Told what happens, now and then. */
  readonly say?: (line: string) => void
}

export type CrashSummary = {
  readonly kills: number
  readonly whileStarting: number
  readonly events: number
  readonly repeated: number
  readonly mails: number
  readonly inFlight: number
  readonly uncertain: number
  readonly arrivedAll: number
  readonly waits: number
  readonly seconds: number
  readonly verify: string
  /** Everything that should not be; empty when all promises were kept. */
  readonly broken: readonly string[]
}

const CLIENTS = 8
const PEOPLE = 100
const EVENTS = ['count', 'mail', 'mail-result', 'wait', 'wait-mail'] as const
/** How often each comes among twenty. */
const MIX = [12, 2, 2, 3, 1]

const MAIL: Step['entry'] = {
  type: 'sendEmail',
  params: {
    subject: 'Hello',
    html: '<p>Hello <a href="https://acme.io/x">you</a></p>',
    messageType: 'transactional',
  },
}

/** Each journey leaves one line in a score of its own for each thing that must happen once. */
const JOURNEYS: readonly Journey[] = [
  of('count', { one: one('COUNTED', 'end'), end: END }),
  of('mail', { mail: { meta: { kind: 'email' }, entry: MAIL, always: 'end' }, end: END }),
  of('mail-result', {
    mail: {
      meta: { kind: 'email' },
      entry: MAIL,
      on: { 'step.done': 'done', 'step.failed': 'doubt' },
      after: { P3D: 'end' },
    },
    done: one('MAILED', 'end'),
    doubt: one('DOUBTED', 'end'),
    end: END,
  }),
  of('wait', { a: wait('PT1S', 'b'), b: wait('PT2S', 'one'), one: one('WAITED', 'end'), end: END }),
  of('wait-mail', {
    a: wait('PT1S', 'mail'),
    mail: { meta: { kind: 'email' }, entry: MAIL, always: 'end' },
    end: END,
  }),
]

function of(id: (typeof EVENTS)[number], states: Journey['states']): Journey {
  const first = Object.keys(states)[0] ?? 'end'
  return journeyOf(states, {
    id,
    meta: { reentry: { policy: 'parallel' } },
    on: { [`try-${id}`]: triggerTo(first) },
  })
}

function one(attribute: string, always: string): Step {
  return update({ attribute, add: 1 }, always)
}

/** Runs it all; takes about 1.5 seconds for each kill. */
export async function crash({ kills, seed, say = () => {} }: CrashOptions): Promise<CrashSummary> {
  const started = performance.now()
  const random = randomOf(seed)
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-crash-'))
  const port = await freePort()
  const slow = randomOf(seed + 1)
  const smtp = await startSmtpServer({
    onMessage: async () => {
      await delay(slow() * 30) // servers think before they answer, and the sender may be killed meanwhile
      return 'accept' as const
    },
  })
  const env = {
    SMTP_URL: smtp.url,
    BASE_URL: 'https://go.nordlicht-lampen.de',
    MAIL_FROM: 'Nordlicht <hallo@nordlicht-lampen.de>',
    COMPANY_NAME: 'Nordlicht',
    COMPANY_ADDRESS: 'Hafenstraße 7, Hamburg',
    COMPANY_URL: 'https://www.nordlicht-lampen.de',
  }
  let server: ServerProcess | undefined
  try {
    server = await startServer({ folder, port, env })
    const api = apiOf(server)
    for (const journey of JOURNEYS) await api.publish(journey)
    const load = startLoad(server.url, random)
    const inFlight = new Set<string>()
    const broken: string[] = []
    let whileStarting = 0

    for (let kill = 1; kill <= kills; kill++) {
      await delay(50 + random() * 1_000)
      await server.kill()
      const answered = [...load.answered]
      const db = openFile(folder)
      for (const id of db.sending()) inFlight.add(id)
      const missing = db.missing(answered)
      if (missing.length > 0) broken.push(`kill ${kill}: answered and not stored: ${missing.join(', ')}`)
      db.close()
      // Some are killed again before they are ready.
      while (random() < 0.2) {
        whileStarting += 1
        server = await startServer({ folder, port, env, readyWithin: random() * 700 }).catch(notReady)
        if (server) break
        const half = openFile(folder)
        for (const id of half.sending()) inFlight.add(id)
        half.close()
      }
      if (!server || !isAlive(server)) server = await startServer({ folder, port, env })
      if (kill % 10 === 0)
        say(`${kill} kills, ${load.answered.size} events answered, ${smtp.mails.length} mails arrived`)
    }
    await load.stop()
    say('no more kills; waiting until everything has come to rest')
    await comesToRest(folder)
    const problems = await api.pages<{ code: string; detail: string }>('/problems')
    await server.stop()
    const verify = await runCommand(folder, 'verify')
    const db = openFile(folder)
    const ids = smtp.mails.map(({ mail }) => mail.messageId ?? '')
    broken.push(...db.wrong(load.answered, ids, inFlight, problems))
    if (!verify.includes('no difference')) broken.push(`verify: ${verify}`)
    const count = db.counts()
    db.close()
    return {
      kills: kills + whileStarting,
      whileStarting,
      events: load.answered.size,
      repeated: load.repeated(),
      mails: ids.length,
      inFlight: inFlight.size,
      ...count,
      seconds: (performance.now() - started) / 1000,
      verify,
      broken,
    }
  } finally {
    if (server && isAlive(server)) await server.kill()
    await smtp.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function notReady(error: Error): undefined {
  if (!error.message.includes('was not ready within')) throw error
}

function isAlive({ pid }: ServerProcess): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // no such process
  }
}

// ---- The clients -------------------------------------------------------------------------------------------------

/** What an event is known by: its number, its kind and whose it is. */
type Sent = { readonly n: number; readonly kind: (typeof EVENTS)[number]; readonly person: number }

/** Clients that send single calls and batches, and repeat what was not answered with 2xx until it is. */
function startLoad(url: string, random: () => number) {
  const answered = new Map<number, Sent>()
  let [n, repeated] = [0, 0]
  const stop = new AbortController()

  const next = (): Sent => {
    let place = Math.floor(random() * 20)
    const kind = EVENTS.find((_, index) => (place -= MIX[index] ?? 0) < 0) ?? 'count'
    return { n: n++, kind, person: Math.floor(random() * PEOPLE) }
  }
  const deliver = async (events: readonly Sent[]): Promise<void> => {
    const [first] = events
    const body = events.length === 1 && first ? callOf(first) : { batch: events.map(callOf) }
    for (let again = false; ; again = true) {
      if (again) repeated += events.length
      const status = await statusOf(`${url}/v1/${events.length === 1 ? 'track' : 'batch'}`, body)
      if (status === 200) break
      // No other answer is one that a client should have to live with.
      if (status !== undefined && status !== 503 && status !== 429) throw new Error(`answered ${status}`)
      await delay(20)
    }
    for (const event of events) answered.set(event.n, event)
  }
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!stop.signal.aborted) {
      await deliver(Array.from({ length: random() < 0.7 ? 1 : 2 + Math.floor(random() * 6) }, next))
      await delay(random() * 10)
    }
  })
  return {
    answered,
    repeated: () => repeated,
    stop: async () => {
      stop.abort()
      await Promise.all(clients)
    },
  }
}

function callOf({ n, kind, person }: Sent) {
  const userId = `p${person}`
  const context = { traits: { email: `${userId}@nordlicht-lampen.de` } }
  return { type: 'track', messageId: `m${n}`, userId, event: `try-${kind}`, properties: { n }, context }
}

/** Undefined where no answer came: nobody listens, or it was killed while we spoke. */
async function statusOf(url: string, body: unknown): Promise<number | undefined> {
  try {
    return (await ask(url, 'POST', body, { Authorization: BASIC })).status
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

// ---- What is in the file -----------------------------------------------------------------------------------------

function openFile(folder: string) {
  const db = new BetterSqlite3(join(folder, 'tidemark.db'), { readonly: true })
  const all = <Row>(sql: string, ...values: unknown[]) => db.prepare(sql).all(...values) as Row[]
  const texts = (sql: string) => all<{ text: string }>(sql).map(({ text }) => text)
  const stored = () =>
    all<{ n: number; seq: number; name: string }>(
      `select json_extract(entry, '$.properties.n') as n, seq, name from journal where kind = 'event'`,
    )

  return {
    close: () => void db.close(),
    sending: () => texts(`select id as text from messages where status = 'sending'`),
    /** Events that were answered and are not in the journal. */
    missing: (answered: readonly [number, Sent][]) => {
      const there = new Set(stored().map(({ n }) => n))
      return answered.filter(([n]) => !there.has(n)).map(([n]) => n)
    },
    counts: () => {
      const [row] = all<{ uncertain: number; arrivedAll: number; waits: number }>(
        `select (select count(*) from messages where status = 'uncertain') as uncertain,
                (select count(*) from messages where status = 'sent') as arrivedAll,
                (select count(*) from ledger where attribute = 'WAITED') as waits`,
      )
      return row ?? { uncertain: 0, arrivedAll: 0, waits: 0 }
    },
    /** Each broken promise in a sentence. */
    wrong(
      answered: ReadonlyMap<number, Sent>,
      arrived: readonly string[],
      inFlight: ReadonlySet<string>,
      problems: readonly { readonly code: string; readonly detail: string }[],
    ): readonly string[] {
      const events = stored()
      const sentOf = (kind: Sent['kind']) =>
        [...answered.values()].filter((event) => event.kind === kind).length
      const lines = (attribute: string) =>
        all<{ contact_id: string }>(`select contact_id from ledger where attribute = ?`, attribute).length
      const messages = all<{ id: string; status: string; journey: string; to_address: string | null }>(
        `select id, status, journey, to_address from messages`,
      )
      const uncertain = messages.filter(({ status }) => status === 'uncertain')
      const inJourney = (journey: string) => messages.filter((message) => message.journey === journey)
      const arrivals = new Map<string, number>()
      for (const id of arrived) arrivals.set(id, (arrivals.get(id) ?? 0) + 1)
      const arrivedTimes = new Map(
        messages.map(({ id }) => {
          const beginning = `<${id.replaceAll('/', '.')}.`
          return [
            id,
            [...arrivals].reduce((sum, [key, times]) => sum + (key.startsWith(beginning) ? times : 0), 0),
          ]
        }),
      )
      const named = problems.filter(({ code }) => code === 'message_uncertain').map(({ detail }) => detail)
      const perPerson = all<{ user_id: string; score: number }>(
        `select user_id, json_extract(state, '$.scores.COUNTED') / 100 as score from contacts where user_id is not null`,
      )

      const expectations: readonly [what: string, expected: number, actual: number][] = [
        ['events in the journal, as answered', answered.size, events.length],
        ['different ones among them', answered.size, new Set(events.map(({ n }) => n)).size],
        ['lines of counted events', sentOf('count'), lines('COUNTED')],
        ['waits that came to their end', sentOf('wait'), lines('WAITED')],
        ['messages asked for at once', sentOf('mail'), inJourney('mail').length],
        ['messages after a wait', sentOf('wait-mail'), inJourney('wait-mail').length],
        ['messages whose result is awaited', sentOf('mail-result'), inJourney('mail-result').length],
        ['results that were good', countIn(inJourney('mail-result'), 'sent'), lines('MAILED')],
        ['results in doubt', countIn(inJourney('mail-result'), 'uncertain'), lines('DOUBTED')],
        [
          'messages neither sent nor uncertain',
          0,
          messages.length - countIn(messages, 'sent') - uncertain.length,
        ],
        [
          'Message-IDs that arrived more than once',
          0,
          [...arrivals.values()].filter((times) => times > 1).length,
        ],
        ['mails of ours that arrived', arrived.length, [...arrivedTimes.values()].reduce((a, b) => a + b, 0)],
        [
          'sent messages that did not arrive once',
          0,
          messages.filter(({ id, status }) => status === 'sent' && arrivedTimes.get(id) !== 1).length,
        ],
        [
          'uncertain ones that were not in flight at a kill',
          0,
          uncertain.filter(({ id }) => !inFlight.has(id)).length,
        ],
        [
          'uncertain ones that no problem names',
          0,
          uncertain.filter(
            ({ to_address: to }) => !named.some((detail) => to !== null && detail.includes(to)),
          ).length,
        ],
        ['passages that are still under way', 0, all('select id from enrollments where live = 1').length],
        ['failed entries', 0, all('select seq from journal where failed is not null').length],
      ]
      return [
        ...expectations.flatMap(([what, expected, actual]) =>
          expected === actual ? [] : [`${what}: expected ${expected}, got ${actual}`],
        ),
        ...perPerson.flatMap(({ user_id, score }) => {
          const own = [...answered.values()].filter(
            ({ kind, person }) => kind === 'count' && user_id === `p${person}`,
          )
          return own.length === (score ?? 0)
            ? []
            : [`${user_id} should have ${own.length} points, and has ${score}`]
        }),
      ]
    },
  }
}

function countIn(messages: readonly { readonly status: string }[], status: string): number {
  return messages.filter((message) => message.status === status).length
}

/** Until no message waits and nobody is inside a journey, at most two minutes. */
async function comesToRest(folder: string): Promise<void> {
  const db = new BetterSqlite3(join(folder, 'tidemark.db'), { readonly: true })
  const left = db.prepare(
    `select (select count(*) from messages where status in ('queued', 'sending', 'retry'))
          + (select count(*) from enrollments where live = 1) as count`,
  )
  for (const end = Date.now() + 120_000; Date.now() < end; await delay(100))
    if ((left.get() as { count: number }).count === 0) break
  db.close()
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
