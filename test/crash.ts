// `npm run crash -- --kills 100 [--seed 1]`: kills a server under load again and again, and counts what it promised.
import { parseArgs } from 'node:util'
import { crash } from './support/crash.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const so = await crash({ kills: Number(values.kills), seed: Number(values.seed), say })

say(`
kills                    ${so.kills}, ${so.whileStarting} of them while it was starting
events answered 2xx      ${so.events}, ${so.repeated} sent again because no answer came
mails at the SMTP server ${so.mails}; ${so.arrivedAll} known as sent
uncertain messages       ${so.uncertain} of ${so.inFlight} in flight at a kill, each named as a problem
waits kept               ${so.waits}
npm run verify           ${so.verify}
took                     ${so.seconds.toFixed(0)} s, seed ${values.seed}
${so.broken.length === 0 ? 'every promise kept' : `BROKEN:\n${so.broken.join('\n')}`}`)
process.exitCode = so.broken.length === 0 ? 0 : 1
