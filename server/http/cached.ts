/** Answers that are counted over many rows, and that several open pages ask for every two seconds. */

/** Counting that takes no longer than this, in milliseconds, is done again each time. */
const QUICK = 25
/** No more than a twentieth of the time goes into what takes longer: 50 ms of counting serve for a second. */
const SHARE = 20

/** The same as `load`; where that takes long, its answer serves for a while, and callers meanwhile share it. */
export function cached<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined
  let until = 0
  const once = async () => {
    const begun = performance.now()
    try {
      return await load()
    } finally {
      const now = performance.now()
      until = now - begun > QUICK ? now + SHARE * (now - begun) : 0
    }
  }
  return () => {
    if (loading && performance.now() < until) return loading
    until = Infinity
    loading = once()
    return loading
  }
}
