/** What a version changed, with a sentence for whoever reads the interface. Pure. */
import { changesOf, type Changes, type Journey } from '../../engine/index.ts'

export interface VersionChanges extends Changes {
  /** "2 steps added, 1 step changed". */
  readonly inWords: string
}

/** Against the version it replaced; of a first one everything is new. */
export function versionChanges(before: Journey | undefined, after: Journey): VersionChanges {
  const changes = changesOf(before, after)
  const { added, removed, changed, entry, settings } = changes
  const parts = [
    ...counted(added.length, 'added'),
    ...counted(removed.length, 'removed'),
    ...counted(changed.length, 'changed'),
    ...(entry.length > 0 ? ['who enters changed'] : []),
    ...(settings.length > 0 ? ['settings changed'] : []),
  ]
  const inWords = before === undefined ? 'First version' : parts.join(', ') || 'Nothing changed'
  return { ...changes, inWords }
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? 'step' : 'steps'} ${what}`]
}
