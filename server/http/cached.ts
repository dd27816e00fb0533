/** Answers that are counted over many rows, and that several open pages ask for every two seconds. */

/** No more than a twentieth of the time goes into counting: what takes 5 ms is at most 100 ms old. */
const SHARE = 20

/** The same as `load`, asked again only once the answer is older than a multiple of what it took; callers share it. */
export function cached<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined
  let until = 0
  const once = async () => {
    const begun = performance.now()
    try {
      return await load()
    } finally {
      const now = performance.now()
      until = now + SHARE * (now - begun)
    }
  }
  return () => {
    if (loading && performance.now() < until) return loading
    until = Infinity
    loading = once()
    return loading
  }
}
