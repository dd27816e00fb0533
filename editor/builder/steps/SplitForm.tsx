/** How many of a hundred go each way. */
import { Button, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { branchesOf, shareName, type Branch } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { number, upper } from '../../words/say.ts'
import { addBranch, evenly, percentsOf, setShares } from '../document/branches.ts'
import { inARow, type Command } from '../document/command.ts'
import { labelWay } from '../document/commands.ts'
import type { StepPlace } from '../document/places.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { BranchBox } from './Branch.tsx'
import { branchActions } from './branchActions.ts'
import { useStepChange } from './change.ts'
import { ContinueAt } from './ContinueAt.tsx'
import { AddButton, Section, TextField } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import styles from './Forms.module.css'
import { linkedShares, withHeldOut } from './shares.ts'
import { mergeName, typedNumber } from './typed.ts'
import { useOpen } from './useOpen.ts'

const say = words.forms.split

export function SplitForm({ id, step }: StepFormProps) {
  const draft = useDraft()
  const { apply } = useBuild()
  const change = useStepChange(id)
  const [opened] = useOpen(-1)
  const branches = branchesOf(step.always)
  const percents = percentsOf(branches)
  const sum = Math.round(percents.reduce((total, percent) => total + percent, 0) * 100) / 100
  const set = (shares: readonly number[], field = 'shares') =>
    apply(setShares(id, shares), { merge: `${id} ${field}` })
  return (
    <Section>
      <Text size="sm" c="dimmed">
        {say.how}
      </Text>
      <ol className={styles['branches']}>
        {branches.map((branch, index) => (
          <SplitBranch
            // oxlint-disable-next-line react/no-array-index-key -- a way has no name of its own
            key={index}
            id={id}
            branch={branch}
            name={upper(shareName(draft, branch, index))}
            index={index}
            count={branches.length}
            percent={percents[index] ?? 0}
            setPercent={(percent) => set(linkedShares(percents, index, percent), `share ${index}`)}
            open={opened.is(index)}
            toggle={() => opened.toggle(index)}
          />
        ))}
      </ol>
      <div className={styles['sum']} role="status">
        <b>{say.sum(number(sum))}</b>
        {sum !== 100 && (
          <span className={styles['wrong']}>{say.off(number(Math.abs(100 - sum)), sum < 100)}</span>
        )}
        {(sum !== 100 || new Set(percents).size > 1) && (
          <Button variant="subtle" size="compact-xs" onClick={() => set(evenly(branches.length))}>
            {say.even}
          </Button>
        )}
      </div>
      <div className={styles['buttons']}>
        <AddButton onClick={() => change.act(addBranch(id), words.forms.branches.added)}>{say.add}</AddButton>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => change.act(holdOut(id), words.forms.branches.added)}
        >
          {say.holdOut}
        </Button>
      </div>
    </Section>
  )
}

/** One more way that ends at once, for a tenth of all, which the largest share gives. */
function holdOut(id: string): Command {
  return (draft) => {
    const before = percentsOf(branchesOf(draft.states[id]?.always))
    return inARow(addBranch(id), setShares(id, withHeldOut(before)))(draft)
  }
}

function SplitBranch({
  id,
  branch,
  name,
  index,
  count,
  percent,
  setPercent,
  open,
  toggle,
}: {
  readonly id: string
  readonly branch: Branch
  readonly name: string
  readonly index: number
  readonly count: number
  readonly percent: number
  readonly setPercent: (percent: number) => void
  readonly open: boolean
  readonly toggle: () => void
}) {
  const { apply } = useBuild()
  const change = useStepChange(id)
  const place: StepPlace = { from: 'step', step: id, ats: [['always', index]] }
  return (
    <BranchBox
      title={name}
      open={open}
      toggle={toggle}
      aside={<PercentField label={say.percentOf(name)} percent={percent} onChange={setPercent} />}
      actions={branchActions(id, index, { count, movable: count }, change.act, name)}
    >
      <TextField
        label={say.label}
        placeholder={name}
        value={branch.meta?.label}
        onChange={(text) =>
          apply(labelWay(place, text), { merge: mergeName(`${id} always ${index} label`, text) })
        }
      />
      <ContinueAt place={place} />
    </BranchBox>
  )
}

/** A share is always a number in the file: what is none stays in the field, and the share as it was. */
function PercentField({
  label,
  percent,
  onChange,
}: {
  readonly label: string
  readonly percent: number
  readonly onChange: (percent: number) => void
}) {
  const [typed, setTyped] = useState<string | null>(null)
  const read = typed === null ? percent : typedNumber(typed)
  const isWrong = typeof read === 'string' || read <= 0 || read > 100
  return (
    <TextInput
      size="sm"
      aria-label={label}
      className={styles['percent'] ?? ''}
      inputMode="decimal"
      error={isWrong}
      rightSection={<span className={styles['unit']}>%</span>}
      value={typed !== null && (typeof read === 'string' || read === percent) ? typed : String(percent)}
      onChange={(event) => {
        const value = typedNumber(event.currentTarget.value)
        setTyped(event.currentTarget.value)
        if (typeof value === 'number') onChange(value)
      }}
    />
  )
}
