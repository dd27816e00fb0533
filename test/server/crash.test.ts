// A short version of `npm run crash`, which takes a hundred kills.
import { expect, it } from 'vitest'
import { crash } from '../support/crash.ts'

it('a server killed under load loses no event and no wait, and sends no mail twice (seed 1)', async () => {
  const summary = await crash({ kills: 5, seed: 1 })
  expect(summary.broken).toEqual([])
  expect(summary.mails).toBeGreaterThan(0)
  expect(summary.events).toBeGreaterThan(100)
}, 300_000)
