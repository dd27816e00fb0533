// The floor that Tidemark is measured against: the same HTTP server, one row per request, synchronous=NORMAL.
import { serve } from '@hono/node-server'
import BetterSqlite3 from 'better-sqlite3'
import { Hono } from 'hono'

const { PORT, FLOOR_FILE } = process.env
const database = new BetterSqlite3(FLOOR_FILE)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = NORMAL')
database.exec(
  'create table events (id integer primary key, user text, event text, body text, at integer) strict',
)
const insert = database.prepare('insert into events (user, event, body, at) values (?, ?, ?, ?)')

interface Body {
  readonly userId: string
  readonly event: string
  readonly properties: object
}

const app = new Hono()
app.get('/readyz', (c) => c.text('ready'))
app.post('/v1/track', async (c) => {
  const { userId, event, properties } = await c.req.json<Body>()
  insert.run(userId, event, JSON.stringify(properties), Date.now())
  return c.json({ success: true })
})
serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' })
process.on('SIGTERM', () => process.exit(0))
