// `npm run crash [-- --kills 100] [--seed 1]`: kills a server under load again and again, and counts what it promised.
// `npm run crash -- --postgres [--processes 4] [--events 50000] [--contacts 2000]`: the same with several processes on one
// PostgreSQL, which is restarted twice meanwhile.
import { parseArgs } from 'node:util'
import { crashCluster } from './support/cluster.ts'
import { crash } from './support/crash.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    postgres: { type: 'boolean', default: false },
    processes: { type: 'string', default: '4' },
    events: { type: 'string', default: '50000' },
    contacts: { type: 'string', default: '2000' },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const seed = Number(values.seed)

const { broken } = values.postgres ? await several() : await one()
say(broken.length === 0 ? 'every promise kept' : `BROKEN:\n${broken.join('\n')}`)
process.exitCode = broken.length === 0 ? 0 : 1

async function one() {
  const so = await crash({ kills: Number(values.kills), seed, say })
  say(`
kills                    ${so.kills}, ${so.whileStarting} of them while it was starting
events answered 2xx      ${so.events}, ${so.repeated} sent again because no answer came
mails at the SMTP server ${so.mails}; ${so.arrived} known as sent
uncertain messages       ${so.uncertain} of ${so.inFlight} in flight at a kill, each named as a problem
waits kept               ${so.waits}
npm run verify           ${so.verify}
took                     ${so.seconds.toFixed(0)} s, seed ${seed}`)
  return so
}

async function several() {
  const [processes, events, contacts] = [values.processes, values.events, values.contacts].map(Number)
  const so = await crashCluster({
    processes: processes ?? 0,
    events: events ?? 0,
    contacts: contacts ?? 0,
    seed,
    say,
  })
  say(`
processes                ${values.processes}, ${so.kills} times killed; PostgreSQL restarted ${so.restarts} times
events answered 2xx      ${so.events} of ${values.contacts} people, ${so.repeated} sent again because no answer came
mails at the SMTP server ${so.mails}; ${so.arrived} known as sent
uncertain messages       ${so.uncertain}, each named as a problem
waits kept               ${so.waits}
npm run verify           ${so.verify}
took                     ${so.seconds.toFixed(0)} s, seed ${seed}`)
  return so
}
