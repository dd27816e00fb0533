// On SQLite one process has the database to itself. (On PostgreSQL any number share it: see `postgres/`.)
import { afterEach, beforeEach, expect, it } from 'vitest'
import { apiOf } from '../support/api.ts'
import { runCommand } from '../support/command.ts'
import { newFolder, removeFolder } from '../support/database.ts'
import { startServer } from '../support/serverProcess.ts'

let folder: string
beforeEach(() => void (folder = newFolder()))
afterEach(() => removeFolder(folder))

it('one database, one process: a second server and a replay say who is in the way, and change nothing', async () => {
  const first = await startServer({ folder })
  await expect(startServer({ folder })).rejects.toThrow(/in use by another Tidemark/)
  const replayed = await runCommand(folder, 'replay', [
    'none.csv',
    '--event',
    'x',
    '--map',
    'userId=u',
    'timestamp=t',
  ])
  expect(replayed).toMatch(/A server has the database open/)
  await apiOf(first).track('ada', 'go')
  expect(await runCommand(folder, 'verify')).toContain('no difference')
  await first.kill()
  // The lock is gone with the process, however it ended.
  const second = await startServer({ folder })
  await second.stop()
})
