// A short version of `npm run crash -- --postgres`, which takes four processes and 50,000 events.
import { expect, it } from 'vitest'
import { crashCluster } from '../support/cluster.ts'

it('processes killed under load, and a database restarted twice, lose no event and no wait, and send no mail twice (seed 1)', async () => {
  const summary = await crashCluster({ processes: 2, events: 1_500, contacts: 96, seed: 1 })
  expect(summary.broken).toEqual([])
  expect(summary.restarts).toBe(2)
  expect(summary.kills).toBeGreaterThan(1)
  expect(summary.mails).toBeGreaterThan(0)
}, 300_000)
