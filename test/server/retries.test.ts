import { expect, test } from 'vitest'
import { retryDelay } from '../../server/messages/retries.ts'

test('one minute, doubling to four hours, a last time after 24 hours', () => {
  const minutes: number[] = []
  for (let attempt = 1; ; attempt++) {
    const delay = retryDelay(attempt)
    if (delay === 'give_up') break
    minutes.push(delay / 60_000)
  }
  expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240, 225])
  expect(minutes.reduce((sum, delay) => sum + delay, 0)).toBe(24 * 60)
})

test('gives up for good', () => {
  for (const attempt of [14, 15, 1_000, Number.MAX_SAFE_INTEGER]) expect(retryDelay(attempt)).toBe('give_up')
})
