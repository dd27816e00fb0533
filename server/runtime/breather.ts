/** Long looks at many rows are taken in bites, so that the server goes on serving everybody meanwhile. */

/** Nobody else waits longer than so many milliseconds at a time. */
const SLICE = 8

/** Lets others go first where the last bite took its time; to be called after every row or two. */
export function breather(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < SLICE) return
    await new Promise(setImmediate)
    since = performance.now()
  }
}
