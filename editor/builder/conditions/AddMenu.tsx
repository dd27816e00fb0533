/** What one can ask, in groups, found by words; a name that was never received can be typed. */
import { words } from '../../words.ts'
import type { Around } from './around.ts'
import { foundAsks } from './asks.ts'
import type { Raw } from './json.ts'
import { PickMenu } from './PickMenu.tsx'

const { conditions } = words

export function AddMenu({
  around,
  label,
  onAdd,
  isFirst,
}: {
  readonly around: Around
  readonly label: string
  readonly onAdd: (line: Raw) => void
  /** Whether nothing else is there: then it is what to do next. */
  readonly isFirst: boolean
}) {
  const found = (search: string) => foundAsks(search, around)
  return (
    <PickMenu
      label={label}
      said={label}
      value=""
      isSearched
      groupsFor={(search) =>
        found(search).map(({ group, asks, more }) => ({
          label: conditions.groups[group],
          choices: asks.map(({ id, label: name, hint }) => ({
            value: id,
            label: name,
            ...(hint !== undefined && { hint }),
          })),
          more,
        }))
      }
      onPick={(id, search) => {
        const ask = found(search)
          .flatMap(({ asks }) => asks)
          .find((one) => one.id === id)
        if (ask) onAdd(ask.line)
      }}
      look={isFirst ? 'addFirst' : 'add'}
    />
  )
}
