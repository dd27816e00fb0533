/** A group of lines, and how they belong together. */
import { ActionIcon, Button } from '@mantine/core'
import { IconFolderPlus, IconX } from '@tabler/icons-react'
import { pointer } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { AddMenu } from './AddMenu.tsx'
import styles from './Conditions.module.css'
import type { Editing } from './editing.ts'
import { MODES } from './kinds.ts'
import { LineBox } from './LineBox.tsx'
import { collector, type ChoicePart } from './parts.ts'
import { PickMenu } from './PickMenu.tsx'
import { Reasons } from './Reasons.tsx'
import { groupReasons } from './reasons.ts'
import type { Group } from './tree.ts'

const { conditions } = words

export function GroupBox({
  group,
  editing,
  label,
  isTop = false,
}: {
  readonly group: Group
  readonly editing: Editing
  readonly label: string
  readonly isTop?: boolean
}) {
  const { members, mode, path, isImplied } = group
  const isPlain = isTop && members.length < 2 && (isImplied || mode === 'all' || mode === 'any')
  const isDetail = editing.around.scope === 'where'
  const place = pointer(path)
  const own = editing.faults.get(place) ?? []
  // At the top the text says that nothing is chosen, and a line says what is wrong with it itself.
  const reasons = isImplied || (isTop && members.length === 0) ? [] : groupReasons(own)
  return (
    <div className={isTop ? undefined : styles['group']} role="group" aria-label={label}>
      {!isPlain && (
        <div className={styles['mode']}>
          <ModeSentence group={group} editing={editing} />
          {!isTop && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={conditions.removeGroup}
              onClick={() => editing.remove(path, conditions.removeGroup)}
            >
              <IconX size={14} aria-hidden />
            </ActionIcon>
          )}
        </div>
      )}
      {members.length === 0 ? (
        <p className={styles['nothing']}>{isTop ? conditions.empty : conditions.emptyGroup}</p>
      ) : (
        <ul className={styles['members']}>
          {members.map((member, index) => (
            <li key={pointer(member.path)}>
              {index > 0 && <div className={styles['between']}>{conditions.between[mode]}</div>}
              {member.type === 'line' ? (
                <LineBox line={member} editing={editing} />
              ) : (
                <GroupBox group={member} editing={editing} label={conditions.modes[member.mode]} />
              )}
            </li>
          ))}
        </ul>
      )}
      {members.length > 0 && <Reasons reasons={reasons} />}
      <div className={styles['tools']}>
        <AddMenu
          around={editing.around}
          label={members.length === 0 ? conditions.addFirst : conditions.add}
          onAdd={(line) => editing.add(group, line)}
          isFirst={members.length === 0 && isTop}
        />
        {members.length > 0 && isTop && !isDetail && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconFolderPlus size={15} aria-hidden />}
            onClick={() => editing.add(group, { any: [] })}
          >
            {conditions.addGroup}
          </Button>
        )}
      </div>
    </div>
  )
}

/** "[any of] these are so". */
function ModeSentence({ group, editing }: { readonly group: Group; readonly editing: Editing }) {
  const { mode } = group
  const part: Pick<ChoicePart, 'label' | 'value' | 'said'> = {
    label: conditions.mode,
    value: mode,
    said: conditions.modes[mode],
  }
  const { mark, spoken } = collector<typeof part>()
  const sentence = spoken(conditions.group(mark(part)))
  const offered = MODES.filter((one) => one !== 'notAll' || mode === 'notAll')
  const choices = offered.map((one) => ({
    value: one,
    label: conditions.modes[one],
    hint: conditions.modeTexts[one],
  }))
  return (
    <span>
      {sentence.map((piece) =>
        typeof piece === 'string' ? (
          <span key={piece}>{piece} </span>
        ) : (
          <span key="mode">
            <PickMenu
              label={piece.label}
              said={piece.said}
              value={piece.value}
              groupsFor={() => [{ choices }]}
              onPick={(value) => editing.regroup(group, MODES.find((one) => one === value) ?? mode)}
            />{' '}
          </span>
        ),
      )}
    </span>
  )
}
