// `npm run demo` on a server as an operator runs it.
import { expect, it } from 'vitest'
import { apiOf, type ContactView, type ScoreLine } from '../support/api.ts'
import { runCommand } from '../support/command.ts'
import { API_KEY, startServer, WRITE_KEY, type ServerProcess } from '../support/serverProcess.ts'

const SHIPPED_LISTS = [
  'Asked for a quote',
  'New leads',
  'New qualified leads',
  'Newsletter',
  'Qualified leads',
  'Sales-qualified leads',
  'Warm leads',
]

function demo({ url, folder }: ServerProcess, ...args: readonly string[]): Promise<string> {
  const env = { PORT: new URL(url).port, TIDEMARK_WRITE_KEY: WRITE_KEY, TIDEMARK_API_KEY: API_KEY }
  return runCommand(folder, 'demo', args, env)
}

it('people have lived in every list and journey for 60 days, and all of them can be taken away again', async () => {
  const server = await startServer({ env: { TIDEMARK_SANDBOX: '1' } })
  try {
    const api = apiOf(server)
    await api.identify('ada', { email: 'ada@example.com' })
    await api.identify('demo-0001x', { email: 'x@example.com' })
    const before = Date.now()
    expect(await demo(server, '--contacts', '20')).toMatch(/Done in \d+ s: \d\d\d events/)

    const people = (await api.pages<ContactView>('/contacts')).filter(({ userId }) =>
      userId?.startsWith('demo-0'),
    )
    expect(people).toHaveLength(21)
    const { now } = await api.must<{ now: string }>('GET', '/clock')
    expect(Date.parse(now)).toBeGreaterThanOrEqual(before + 60 * 24 * 3_600_000)
    const { items: lists } = await api.must<{ items: { name: string; contacts: number }[] }>('GET', '/lists')
    expect(lists.filter(({ contacts }) => contacts > 0).map(({ name }) => name)).toEqual(SHIPPED_LISTS)
    const journeys = await api.pages<{ id: string; counts: { entered: number; inside: number } }>('/journeys')
    expect(journeys.filter(({ counts }) => counts.entered === 0)).toEqual([])
    expect(journeys.filter(({ counts }) => counts.inside > 0).map(({ id }) => id)).toEqual([
      'case-study',
      'fast-track',
      'guide',
      'quiet-30-days',
      'welcome',
    ])
    expect(people.filter(({ stage }) => stage === 'acquisition').length).toBeGreaterThan(0)
    expect(people.filter(({ consent }) => consent.email.status === 'unsubscribed')).toHaveLength(1)
    const lines = await Promise.all(
      people.map(({ id }) => api.must<{ entries: readonly ScoreLine[] }>('GET', `/contacts/${id}/score`)),
    )
    const ofJourney = (name: string) =>
      lines.flatMap(({ entries }) => entries).filter(({ journey }) => journey === name)
    expect(ofJourney('quiet-30-days').length).toBeGreaterThan(0)
    expect(ofJourney('welcome').length).toBeGreaterThan(0)
    expect(await api.pages('/problems')).toEqual([])
    expect(await runCommand(server.folder, 'verify')).toContain('no difference')

    expect(await demo(server)).toMatch(/^20 demo people are here already, so nothing was done/)
    expect(await demo(server, '--remove')).toMatch(/^20 demo people are gone/)
    expect((await api.pages<ContactView>('/contacts')).map(({ userId }) => userId)).toEqual([
      'demo-0001x',
      'ada',
    ])
    expect(await api.pages('/mailbox')).toEqual([])
    expect(await demo(server, '--remove')).toBe('There are no demo people here.')
  } finally {
    await server.stop()
  }
}, 120_000)

it('says in plain words what keeps it from working, and leaves a server that is no sandbox alone', async () => {
  const server = await startServer()
  try {
    expect(await demo(server)).toMatch(/is no sandbox, so its clock cannot be moved/)
    expect(await apiOf(server).pages('/contacts')).toEqual([])
    const wrong = { TIDEMARK_WRITE_KEY: WRITE_KEY, TIDEMARK_API_KEY: 'another-key-0123456789' }
    const withKey = (env: { readonly [name: string]: string }) =>
      runCommand(server.folder, 'demo', ['--url', server.url], env)
    expect(await withKey(wrong)).toMatch(/does not know the key in TIDEMARK_API_KEY/)
    expect(await withKey({})).toMatch(/^Set TIDEMARK_WRITE_KEY and TIDEMARK_API_KEY as for the server/)
    expect(await demo(server, '--contacts', '3')).toContain('from 20 to 2000')
    expect(await demo(server, '--url', 'http://127.0.0.1:9')).toMatch(/^No Tidemark answers at/)
  } finally {
    await server.stop()
  }
})
