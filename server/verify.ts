/** `npm run verify`: folds the journal again and compares. Runs beside a server; ends with 1 where anything differs. */
import { withDatabase } from './command.ts'
import { verifyAll } from './runtime/verify.ts'

await withDatabase(async ({ config, database, say, fail }) => {
  const { contacts, entries, differences } = await database.moment((db) => verifyAll(db, config.timezone))
  for (const { contact, what, stored, folded } of differences) {
    fail(
      `contact ${contact}: ${what} differ\n  stored: ${JSON.stringify(stored)}\n  folded: ${JSON.stringify(folded)}`,
    )
  }
  say(
    `${contacts} contacts, ${entries} entries folded: ${differences.length === 0 ? 'no difference' : `${differences.length} differences`}`,
  )
})
