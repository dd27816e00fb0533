/** All kinds of steps by their groups, found by typing; those that the draft refuses here say why. */
import { useState } from 'react'
import { STEP_KINDS, type StepKind } from '../../../engine/index.ts'
import { Picker, type Choice } from '../../parts/Picker.tsx'
import { words } from '../../words.ts'
import { Tile } from '../canvas/Tile.tsx'
import { isRefusal, type Command } from '../document/command.ts'
import { useBuild } from '../state/context.tsx'
import { KINDS_BY_GROUP } from '../steps/kinds.ts'
import { LOOKS } from '../steps/looks.ts'

export function KindPicker({
  without,
  command,
  onChoose,
  onCancel,
  height,
}: {
  readonly without?: StepKind | undefined
  /** What choosing a kind would do: asked of the draft to know whether it may. */
  readonly command: (kind: StepKind) => Command
  readonly onChoose: (kind: StepKind) => void
  readonly onCancel: () => void
  readonly height?: number
}) {
  const builder = useBuild()
  // Asked once, when the menu opens: it is closed before anything changes.
  const [groups] = useState(() => {
    const draft = builder.get().history.present
    const choiceOf = (kind: StepKind): Choice<StepKind> => {
      const result = command(kind)(draft)
      return {
        id: kind,
        name: STEP_KINDS[kind].name,
        about: words.builder.kinds[kind],
        icon: <Tile look={LOOKS[kind]} />,
        hindrance: isRefusal(result) ? words.builder.refusals[result.refused] : null,
      }
    }
    return KINDS_BY_GROUP.map(({ group, kinds }) => ({
      name: words.builder.groups[group],
      choices: kinds.filter((kind) => kind !== without).map(choiceOf),
    })).filter(({ choices }) => choices.length > 0)
  })
  return (
    <Picker
      groups={groups}
      search={words.commands.searchKind}
      nothing={words.commands.nothingFound}
      onChoose={onChoose}
      onCancel={onCancel}
      {...(height === undefined ? {} : { height })}
    />
  )
}
