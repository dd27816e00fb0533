/** Lives through the days of the demo's people: some hours of the sandbox clock, the mail they got, what they do; again. */
import type { DemoApi, MailItem } from './api.ts'
import { END, type Act, type Person } from './people.ts'

/** Minutes between two looks at the clock: an answer to a mail comes at the end of one, all else has its own time. */
const STRIDE = 360
const HOUR = 60
const MINUTE = 60_000
const DAY = 24 * HOUR * MINUTE
/** `/v1/batch` takes 500 KB, and no call here has one of them. */
const MOST_CALLS = 300

export interface Lived {
  readonly events: number
  readonly mails: number
  readonly clicks: number
}

/** Moves the clock to the next midnight, and from there through all the days. */
export async function live(
  api: DemoApi,
  people: readonly Person[],
  now: number,
  progress: (share: number) => void,
): Promise<Lived> {
  const begin = Math.ceil(now / DAY) * DAY
  const acts = people.flatMap((person) => person.acts).toSorted((one, other) => one.at - other.at)
  const mail = mailOf(api, people)
  let clock = await api.advance(begin - now)
  for (let minute = STRIDE; minute <= END; minute += STRIDE) {
    clock = await api.advance(begin + minute * MINUTE - clock)
    await mail.read(minute)
    await send(
      api,
      acts.filter(({ at }) => at > minute - STRIDE && at <= minute),
      begin,
    )
    await mail.answer(minute)
    progress(minute / END)
  }
  await api.advance(1)
  await mail.read(END)
  return { events: acts.length, ...mail.counts() }
}

/** The ids make what is sent twice count once, and are others each time the demo is run. */
async function send(api: DemoApi, acts: readonly Act[], begin: number): Promise<void> {
  const calls = acts.map(({ at, call }, index) => ({
    ...call,
    messageId: `demo-${begin}-${at}-${index}`,
    timestamp: new Date(begin + at * MINUTE).toISOString(),
  }))
  for (let first = 0; first < calls.length; first += MOST_CALLS)
    await api.send(calls.slice(first, first + MOST_CALLS))
}

// ---- Mail --------------------------------------------------------------------------------------------------------

/** What somebody is going to do with a mail, in order. */
interface Answer {
  readonly at: number
  readonly steps: readonly { readonly method: 'GET' | 'POST'; readonly path: string }[]
}

function mailOf(api: DemoApi, people: readonly Person[]) {
  const byAddress = new Map(people.map((person) => [person.email, person]))
  const seen = new Set<string>()
  const received = new Map<Person, number>()
  let answers: Answer[] = []
  let clicks = 0

  const take = (mail: MailItem, minute: number) => {
    const person = byAddress.get(mail.to)
    if (seen.has(mail.id) || !person) return
    seen.add(mail.id)
    received.set(person, (received.get(person) ?? 0) + 1)
    const steps = stepsOf(mail, person, received.get(person) ?? 0)
    answers.push({ at: minute + HOUR / 2 + person.random() * 30 * HOUR, steps })
  }

  return {
    /** Finds the mails that came since the last look, and decides what becomes of each. */
    read: async (minute: number): Promise<void> => {
      const fresh: MailItem[] = []
      for (let cursor: string | null = null; ; ) {
        const { items, next } = await api.mailbox(cursor)
        const unknown = items.filter(({ id, to }) => byAddress.has(to) && !seen.has(id))
        fresh.push(...unknown)
        if (unknown.length === 0 || next === null) break
        cursor = next
      }
      for (const mail of fresh.toReversed()) take(mail, minute)
    },
    /** Does what is due by then. */
    answer: async (minute: number): Promise<void> => {
      const due = answers.filter(({ at }) => at <= minute)
      answers = answers.filter(({ at }) => at > minute)
      for (const { method, path } of due.flatMap(({ steps }) => steps)) {
        await api.follow(method, path)
        if (path.startsWith('/t/c/')) clicks += 1
      }
    },
    counts: () => ({ mails: seen.size, clicks }),
  }
}

function stepsOf({ html, headers }: MailItem, { habits, random }: Person, nth: number): Answer['steps'] {
  const [opens, clicks] = [random() < habits.opens, random() < habits.clicks]
  const pixel = /\/t\/o\/[A-Za-z0-9_.-]+/.exec(html)?.[0]
  const link = /\/t\/c\/[A-Za-z0-9_.-]+/.exec(html)?.[0]
  const wayOut = /\/u\/[A-Za-z0-9_.-]+/.exec(headers['List-Unsubscribe'] ?? '')?.[0]
  if (!opens) return []
  return [
    ...(pixel === undefined ? [] : [{ method: 'GET' as const, path: pixel }]),
    ...(clicks && link !== undefined ? [{ method: 'GET' as const, path: link }] : []),
    ...(nth === habits.leavesWith && wayOut !== undefined ? [{ method: 'POST' as const, path: wayOut }] : []),
  ]
}
