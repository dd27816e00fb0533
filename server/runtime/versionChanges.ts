/** What a version changed, counted: steps by id, and what stands beside them. Pure. */
import type { Journey } from '../../engine/index.ts'

export interface VersionChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
  /** Whether who enters, and how, changed. */
  readonly triggers: boolean
  /** Whether name, goal, exits, audience or the re-entry rule changed. */
  readonly settings: boolean
  /** "2 steps added, 1 changed". */
  readonly inWords: string
}

/** Against the version it replaced; of a first one everything is new. Where a card stands on the canvas is no change. */
export function changesOf(before: Journey | undefined, after: Journey): VersionChanges {
  const [old, now] = [stepsById(before), stepsById(after)]
  const added = [...now.keys()].filter((id) => !old.has(id))
  const removed = [...old.keys()].filter((id) => !now.has(id))
  const changed = [...now].filter(([id, step]) => old.has(id) && old.get(id) !== step).map(([id]) => id)
  const triggers = before !== undefined && JSON.stringify(before.on) !== JSON.stringify(after.on)
  const settings = before !== undefined && JSON.stringify(before.meta) !== JSON.stringify(after.meta)
  const parts = [
    ...counted(added.length, 'added'),
    ...counted(removed.length, 'removed'),
    ...counted(changed.length, 'changed'),
    ...(triggers ? ['who enters changed'] : []),
    ...(settings ? ['settings changed'] : []),
  ]
  const inWords = before === undefined ? 'First version' : parts.join(', ') || 'Nothing changed'
  return { added, removed, changed, triggers, settings, inWords }
}

function stepsById(journey: Journey | undefined): ReadonlyMap<string, string> {
  const steps = Object.entries(journey?.states ?? {}).filter(([id]) => id !== 'outside')
  return new Map(
    steps.map(([id, { meta, ...step }]) => {
      const { offset: _, ...said } = meta ?? { kind: 'end' }
      return [id, JSON.stringify({ ...step, said })]
    }),
  )
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? 'step' : 'steps'} ${what}`]
}
