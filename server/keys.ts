/** `npm run keys`: lists, makes and revokes the keys of programs. Runs beside a server. */
import { formatInstant } from '../engine/index.ts'
import { withDatabase } from './command.ts'
import { addKey, keyRows, revokeKey, type KeyKind } from './store/keys.ts'

const USAGE = `npm run keys                           lists all keys
npm run keys -- add write|api [name]   makes one; it is shown only then
npm run keys -- revoke <id>            takes one back`

await withDatabase(async ({ database, turns, say, fail }) => {
  const [command, what, ...rest] = process.argv.slice(2)
  if (command === undefined) {
    for (const key of await keyRows(database.read)) {
      say(
        `${key.id}  ${key.kind.padEnd(5)}  ${formatInstant(key.created_at)}  ${key.revoked_at === null ? 'valid  ' : 'revoked'}  ${key.name}`,
      )
    }
  } else if (command === 'add' && (what === 'write' || what === 'api')) {
    const key = await turns.run((tx) =>
      addKey(tx, what satisfies KeyKind, rest.join(' ') || 'made by hand', Date.now()),
    )
    say(`${what === 'write' ? 'TIDEMARK_WRITE_KEY' : 'TIDEMARK_API_KEY'}=${key}   (shown only now)`)
  } else if (command === 'revoke' && what !== undefined) {
    if (await turns.run((tx) => revokeKey(tx, what, Date.now())))
      say(`Revoked ${what}. A running server forgets it within a minute.`)
    else fail(`There is no valid key "${what}".`)
  } else fail(USAGE)
})
