/** `npm run login`: prints a new link that opens the page, once, within 15 minutes. Runs beside a server. */
import { localAddress } from './config.ts'
import { withDatabase } from './command.ts'
import { addLoginLink } from './store/keys.ts'

await withDatabase(async ({ config, turns, say }) => {
  const token = await turns.run((tx) => addLoginLink(tx, Date.now()))
  say(
    `Open the page, once, within 15 minutes: ${config.baseUrl ?? localAddress(config.host, config.port)}/#login=${token}`,
  )
})
