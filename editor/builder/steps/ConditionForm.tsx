/** Who goes which way: the branches of a condition from the first to "Everyone else". */
import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { branchesOf, whenOf, type Branch } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { bandsOf } from '../document/bands.ts'
import { addBranch } from '../document/branches.ts'
import { labelWay, setCondition } from '../document/commands.ts'
import { isNothingChosen } from '../document/newStep.ts'
import type { StepPlace } from '../document/places.ts'
import { conditionInWords } from '../document/sentences.ts'
import { useBuild } from '../state/context.tsx'
import { BandsFields } from './BandsFields.tsx'
import { BranchBox } from './Branch.tsx'
import { branchActions } from './branchActions.ts'
import { useStepChange } from './change.ts'
import { ConditionField } from './ConditionField.tsx'
import { ContinueAt } from './ContinueAt.tsx'
import { AddButton, Section, TextField } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import styles from './Forms.module.css'
import { mergeName } from './typed.ts'
import { useOpen } from './useOpen.ts'

const say = words.forms.branches

export function ConditionForm({ id, step }: StepFormProps) {
  const change = useStepChange(id)
  const [byNumber, setByNumber] = useState(false)
  const branches = branchesOf(step.always)
  const [opened, list] = useOpen(
    branches.length <= 2 ? 0 : branches.findIndex((branch) => isNothingChosen(whenOf(branch))),
  )
  return (
    <Section>
      <Text size="sm" c="dimmed">
        {say.order}
      </Text>
      <ol ref={list} className={styles['branches']}>
        {branches.map((branch, index) => (
          <ConditionBranch
            // oxlint-disable-next-line react/no-array-index-key -- a branch is known by its place alone
            key={index}
            id={id}
            branch={branch}
            index={index}
            count={branches.length}
            open={opened.is(index)}
            toggle={() => opened.toggle(index)}
          />
        ))}
      </ol>
      <div className={styles['buttons']}>
        <AddButton
          onClick={() => {
            change.act(addBranch(id), say.added)
            opened.goTo(branches.length - 1)
          }}
        >
          {say.add}
        </AddButton>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-expanded={byNumber}
          onClick={() => setByNumber(!byNumber)}
        >
          {say.byNumber}
        </Button>
      </div>
      {byNumber && <BandsFields key={JSON.stringify(bandsOf(step)?.field)} id={id} step={step} />}
    </Section>
  )
}

function ConditionBranch({
  id,
  branch,
  index,
  count,
  open,
  toggle,
}: {
  readonly id: string
  readonly branch: Branch
  readonly index: number
  readonly count: number
  readonly open: boolean
  readonly toggle: () => void
}) {
  const { apply } = useBuild()
  const change = useStepChange(id)
  const when = whenOf(branch)
  const isLast = when === undefined
  const place: StepPlace = { from: 'step', step: id, ats: [['always', index]] }
  const said = isLast ? words.ways.otherwise : conditionInWords(when)
  const label = branch.meta?.label
  return (
    <BranchBox
      title={label ?? said}
      detail={label === undefined ? undefined : said}
      open={open}
      toggle={toggle}
      actions={
        isLast ? [] : branchActions(id, index, { count, movable: count - 1 }, change.act, label ?? said)
      }
    >
      {!isLast && (
        <ConditionField
          label={say.if}
          scope="branch"
          value={when}
          step={id}
          path={['states', id, 'always', index, 'guard', 'params', 'when']}
          onChange={(next, part) =>
            apply(setCondition(id, ['always', index], next), { merge: `${id} always ${index} ${part}` })
          }
        />
      )}
      <TextField
        label={say.label}
        placeholder={said}
        value={label}
        onChange={(text) =>
          apply(labelWay(place, text), { merge: mergeName(`${id} always ${index} label`, text) })
        }
      />
      <ContinueAt place={place} />
    </BranchBox>
  )
}
