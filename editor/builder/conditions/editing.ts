/** What the boxes of a condition need of the editor they stand in. */
import type { ReactNode } from 'react'
import type { Json, Path } from '../../../engine/index.ts'
import type { Around } from './around.ts'
import type { Raw } from './json.ts'
import type { Mode } from './kinds.ts'
import type { Fault } from './reasons.ts'
import type { Group } from './tree.ts'

export interface EditorProps {
  readonly value: Json
  /** `part` names what was changed: the same for the letters of one field, another for each other change. */
  readonly onChange: (next: Raw, part: string) => void
  readonly around: Around
  /** What is wrong, with paths into the value. */
  readonly faults: readonly Fault[]
  readonly label: string
}

export interface Editing {
  readonly around: Around
  readonly faults: ReadonlyMap<string, readonly Fault[]>
  /** The line that was just added: nothing is said against it until it is left. */
  readonly fresh: string | null
  /** Another line there; `typed` names the field where it is typed. */
  readonly change: (path: Path, next: Json, typed?: string) => void
  readonly add: (group: Group, line: Raw) => void
  readonly remove: (path: Path, said: string) => void
  readonly duplicate: (path: Path) => void
  readonly enclose: (path: Path) => void
  readonly regroup: (group: Group, mode: Mode) => void
  /** An editor inside a line, for conditions on what it counts. */
  readonly inside: (props: EditorProps) => ReactNode
}
