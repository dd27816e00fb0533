// Short versions of `npm run crash`, side by side: after the last kill both mostly wait until nobody can be sending what
// the killed were sending.
import { describe, expect, it } from 'vitest'
import { crashCluster } from '../../support/cluster.ts'
import { crash } from '../../support/crash.ts'

const PATIENCE = 300_000

describe.concurrent('loses no event and no wait, and sends no mail twice (seed 1):', () => {
  it(
    'a server that is killed under load',
    async () => {
      const summary = await crash({ kills: 5, seed: 1 })
      expect(summary.broken).toEqual([])
      expect(summary.mails).toBeGreaterThan(0)
      expect(summary.events).toBeGreaterThan(100)
    },
    PATIENCE,
  )

  it(
    'several processes that are killed while the database restarts twice',
    async () => {
      const summary = await crashCluster({ processes: 2, events: 1_500, contacts: 96, seed: 1 })
      expect(summary.broken).toEqual([])
      expect(summary.restarts).toBe(2)
      expect(summary.kills).toBeGreaterThan(1)
      expect(summary.mails).toBeGreaterThan(0)
    },
    PATIENCE,
  )
})
