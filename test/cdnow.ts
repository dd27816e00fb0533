// `npm run cdnow -- <file>`: replays the CDNOW purchases and compares every customer with a second reckoning.
import { parseArgs } from 'node:util'
import { cdnow } from './support/cdnow.ts'

const [file] = parseArgs({ allowPositionals: true }).positionals
if (file === undefined) throw new Error('expected the path of the file of purchases')
const started = performance.now()
const { rows, customers, entries, broken } = await cdnow(file, (line) => process.stdout.write(`${line}\n`))
const seconds = Math.round((performance.now() - started) / 1000)
process.stdout.write(
  `${rows} purchases of ${customers} customers, ${entries} entries compared, in ${seconds} s: ${
    broken.length === 0 ? 'all as it must be' : `\n${broken.join('\n')}`
  }\n`,
)
process.exitCode = broken.length === 0 ? 0 : 1
