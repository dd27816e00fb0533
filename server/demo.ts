/** `npm run demo`: fills a running sandbox server with people who lived there for 60 days; `-- --remove` takes them away. */
import { parseArgs } from 'node:util'
import { readConfig, localAddress } from './config.ts'
import { demoApi, DemoTrouble, type DemoApi } from './demo/api.ts'
import { live } from './demo/life.ts'
import { DAYS, isDemo, peopleOf } from './demo/people.ts'
import { showProgress } from './progress.ts'

const USAGE = `npm run demo                    gives the running sandbox server 300 people who lived there for ${DAYS} days
npm run demo -- --contacts 50   fewer or more of them, from 20 to 2000
npm run demo -- --seed 7        other people with other days
npm run demo -- --url ADDRESS   where the server is, unless HOST and PORT say it
npm run demo -- --remove        takes these people away, with their events and messages; the clock stays where it is`

interface Options {
  readonly contacts: number
  readonly seed: number
  readonly url: string | undefined
  readonly remove: boolean
}

const options = readOptions(process.argv.slice(2))
if (options) await run(options).catch(told)
else fail(USAGE)

async function run({ contacts, seed, url, remove }: Options): Promise<void> {
  const read = readConfig(process.env)
  if (!read.ok) return fail(read.problems.join('\n'))
  const { writeKey, apiKey, host, port } = read.config
  if (writeKey === null || apiKey === null)
    return fail(
      'Set TIDEMARK_WRITE_KEY and TIDEMARK_API_KEY as for the server; `npm run keys -- add write` and `npm run keys -- add api` make new ones.',
    )
  const server = { url: (url ?? localAddress(host, port)).replace(/\/+$/, ''), writeKey, apiKey }
  const api = demoApi(server)
  await (remove ? takeAway(api) : fill(api, server.url, contacts, seed))
}

async function fill(api: DemoApi, url: string, contacts: number, seed: number): Promise<void> {
  const { now, sandbox } = await api.clock()
  if (!sandbox)
    return fail(
      `The server at ${url} is no sandbox, so its clock cannot be moved, and it may send real mail. Start one with TIDEMARK_SANDBOX=1 and a database of its own:
  TIDEMARK_SANDBOX=1 DATABASE_URL=sqlite:./data/demo.db npm start`,
    )
  const there = (await peopleThere(api)).length
  if (there > 0)
    return say(
      `${there} demo people are here already, so nothing was done. To begin anew, take them away first: npm run demo -- --remove`,
    )
  say(`${contacts} people live through ${DAYS} days on the sandbox clock of ${url} …`)
  const started = performance.now()
  const lived = await live(api, peopleOf(contacts, seed), now, (share) =>
    showProgress(share, `day ${Math.floor(share * DAYS)} of ${DAYS}`),
  )
  if (process.stderr.isTTY) process.stderr.write('\n')
  say(
    `Done in ${((performance.now() - started) / 1_000).toFixed(0)} s: ${lived.events} events, ${lived.mails} mails kept in the mailbox, ${lived.clicks} clicks. To take these people away again: npm run demo -- --remove`,
  )
}

async function takeAway(api: DemoApi): Promise<void> {
  const people = await peopleThere(api)
  for (const [index, { id }] of people.entries()) {
    await api.erase(id)
    showProgress((index + 1) / people.length, 'taken away')
  }
  if (people.length > 0 && process.stderr.isTTY) process.stderr.write('\n')
  say(
    people.length === 0
      ? 'There are no demo people here.'
      : `${people.length} demo people are gone, with their events and messages. The clock stays where it is.`,
  )
}

async function peopleThere(api: DemoApi) {
  return (await api.contactsWith('demo-')).filter(isDemo)
}

function readOptions(argv: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        contacts: { type: 'string', default: '300' },
        seed: { type: 'string', default: '1' },
        url: { type: 'string' },
        remove: { type: 'boolean', default: false },
      },
    })
    const [contacts, seed] = [Number(values.contacts), Number(values.seed)]
    const isFine = Number.isInteger(contacts) && contacts >= 20 && contacts <= 2_000 && Number.isInteger(seed)
    return isFine ? { contacts, seed, url: values.url, remove: values.remove } : undefined
  } catch (error) {
    if (error instanceof TypeError) return undefined // an option that there is not
    throw error
  }
}

/** What the person at the terminal can put right is said; anything else is a fault of ours. */
function told(error: unknown): void {
  if (!(error instanceof DemoTrouble)) throw error
  fail(error.message)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function fail(line: string): void {
  process.stderr.write(`${line}\n`)
  process.exitCode = 1
}
