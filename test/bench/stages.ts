// Where a server's time goes: the samples of a CPU profile, each given to the part of the event path that it was taken in.

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** From the inside out: the first that knows a frame of the stack has the sample. */
const STAGES: readonly (readonly [stage: string, knows: (name: string, url: string) => boolean])[] = [
  ['commit', (name) => name === 'commit'],
  ['engine (XState)', (_, url) => url.includes('/engine/')],
  [
    'read',
    (name, url) =>
      url.includes('/server/store/') && /^(contactBy|live|count|stepPoints|visitsOf|last)/.test(name),
  ],
  ['write', (_, url) => /\/server\/store\/(?!database|sqlite|pg|postgres)/.test(url)],
  [
    'parse',
    (name, url) => url.includes('/server/ingest/') || (name === 'parsed' && url.endsWith('http/ingest.ts')),
  ],
  ['runtime', (_, url) => url.includes('/server/runtime/')],
]

/** Share of the busy time by stage. What no stage knows is HTTP: Node's, its adapter's and Hono's; garbage collection apart. */
export function stagesOf({ nodes, samples, timeDeltas }: Profile): ReadonlyMap<string, number> {
  const nodesById = new Map(nodes.map((node) => [node.id, node]))
  const stages = new Map<number, string>()
  const name = (id: number, outer: string | undefined) => {
    const node = nodesById.get(id)
    if (!node) return
    const { functionName, url } = node.callFrame
    const own = STAGES.find(([, knows]) => knows(functionName, url))?.[0] ?? specialOf(functionName)
    const stage = inner(own, outer)
    stages.set(id, stage)
    for (const child of node.children ?? []) name(child, stage)
  }
  name(nodes[0]?.id ?? 1, undefined)
  const times = new Map<string, number>()
  samples.forEach((id, index) => {
    const stage = stages.get(id) ?? 'HTTP'
    times.set(stage, (times.get(stage) ?? 0) + (timeDeltas[index] ?? 0))
  })
  const busy = [...times].filter(([stage]) => stage !== 'idle')
  const total = busy.reduce((sum, [, time]) => sum + time, 0)
  return new Map(busy.map(([stage, time]) => [stage, time / total]))
}

function specialOf(functionName: string): string | undefined {
  if (functionName === '(idle)') return 'idle'
  return functionName === '(garbage collector)' ? 'garbage collection' : undefined
}

/** A stage inside another counts as itself where it stands earlier in the list, else as the outer one. */
function inner(own: string | undefined, outer: string | undefined): string {
  if (own === undefined || outer === undefined) return own ?? outer ?? 'HTTP'
  const rank = (stage: string) => STAGES.findIndex(([name]) => name === stage)
  return rank(own) <= rank(outer) || rank(outer) < 0 ? own : outer
}
