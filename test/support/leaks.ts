// Fails a test file that leaves a process, a listening socket or a worker behind. Idle sockets of fetch and the
// runner's own timers are none of its business.
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll } from 'vitest'

const WATCHED = ['ProcessWrap', 'TCPServerWrap', 'FSEventWrap', 'Worker']

const before = open()

afterAll(async () => {
  const deadline = Date.now() + 2_000 // closing takes the event loop a few turns
  while (open().length > before.length && Date.now() < deadline) await delay(20)
  const left = open()
  if (left.length > before.length)
    throw new Error(`left open: ${left.join(', ')}; at the start: ${before.join(', ')}`)
})

function open(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => WATCHED.includes(name))
    .toSorted()
}
