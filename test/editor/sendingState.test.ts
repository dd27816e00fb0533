/** The state of sending, at the top of every page: four words, and one for a server that does not answer. */
import { describe, expect, test } from 'vitest'
import type { Sending, Status } from '../../editor/answers.ts'
import { stateOf } from '../../editor/shell/SendingState.tsx'

const STATUS = { now: '2026-03-12T09:00:00.000Z' } as Status

function sending(state: Sending['state']): Sending {
  const stopped = state === 'stopped'
  return { state, stopped, since: stopped ? '2026-03-12T08:00:00.000Z' : null, held: 0, journeys: [] }
}

describe('the state of sending', () => {
  test.each([
    ['live', 'Live', /real people/],
    ['kept', 'Kept here', /kept here and not sent/],
    ['stopped', 'Stopped', /Nothing leaves since .*2026/],
    ['sandbox', 'Sandbox 12 Mar', /The clock here says .*2026/],
  ] as const)('%s is told as "%s"', (state, title, why) => {
    const told = stateOf(STATUS, sending(state), false)
    expect(told.title).toBe(title)
    expect(told.why).toMatch(why)
  })

  test('is not claimed to be what it was when the server does not answer', () => {
    expect(stateOf(STATUS, sending('live'), true).title).toBe('No connection')
    expect(stateOf(undefined, undefined, false).title).toBe('Looking up…')
  })
})
