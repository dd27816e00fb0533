/** What time it is: the machine's own clock, or in the sandbox one that can be moved ahead. Never goes back. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** How far the sandbox is ahead of the machine, in milliseconds. */
  readonly offset: () => number
  /** Moves the sandbox ahead to a time; a time that has passed changes nothing. */
  readonly moveTo: (time: number) => void
  /** Takes over how far another process has moved it. */
  readonly follow: (offset: number) => void
}

export function startClock(offset: number): Clock {
  let ahead = offset
  let last = 0
  const now = () => (last = Math.max(last, Date.now() + ahead))
  return {
    now,
    offset: () => ahead,
    moveTo: (time) => {
      ahead += Math.max(0, time - now())
    },
    follow: (offset) => {
      ahead = Math.max(ahead, offset)
    },
  }
}
