/** What ends a journey: the goal, and what lets somebody leave early; each with a way of its own where one is wanted. */
import { Text } from '@mantine/core'
import type { Condition, JourneyMeta, Path } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { giveEndingAWay, setMeta } from '../document/frameCommands.ts'
import { NOTHING_CHOSEN } from '../document/newStep.ts'
import { conditionInWords } from '../document/sentences.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { BranchBox } from '../steps/Branch.tsx'
import { ConditionField } from '../steps/ConditionField.tsx'
import { ContinueAt } from '../steps/ContinueAt.tsx'
import { AddButton, ChoiceField, Optional, Section } from '../steps/Fields.tsx'
import forms from '../steps/Forms.module.css'
import { useOpen } from '../steps/useOpen.ts'

const say = words.forms.endings
type Ending = NonNullable<JourneyMeta['goal']>

export function GoalFields() {
  const { goal } = useDraft().meta
  const { apply } = useBuild()
  return (
    <Section title={words.entry.goal}>
      <Optional
        label={say.hasGoal}
        hint={say.goalHint}
        on={goal !== undefined}
        toggle={(on) => apply(setMeta({ goal: on ? { when: NOTHING_CHOSEN } : undefined }))}
      >
        {goal !== undefined && (
          <EndingFields
            label={say.goalWhen}
            ending="goal"
            value={goal}
            path={['meta', 'goal', 'when']}
            onChange={(when, part) => apply(setMeta({ goal: { ...goal, when } }), { merge: `goal ${part}` })}
          />
        )}
      </Optional>
    </Section>
  )
}

export function ExitsFields({ first = -1 }: { readonly first?: number }) {
  const { exits = [] } = useDraft().meta
  const { apply } = useBuild()
  const [opened, list] = useOpen(first)
  const set = (changed: readonly Ending[], merge?: string) =>
    apply(
      setMeta({ exits: changed.length === 0 ? undefined : changed }),
      merge === undefined ? {} : { merge },
    )
  return (
    <Section title={words.entry.exit}>
      <Text size="sm" c="dimmed">
        {say.exitsHint}
      </Text>
      <ol ref={list} className={forms['branches']}>
        {exits.map((exit, index) => (
          <BranchBox
            // oxlint-disable-next-line react/no-array-index-key -- an exit has no name of its own
            key={index}
            title={conditionInWords(exit.when)}
            open={opened.is(index)}
            toggle={() => opened.toggle(index)}
            actions={[
              {
                label: say.removeExit,
                color: 'red',
                act: () => set(exits.filter((_, place) => place !== index)),
              },
            ]}
          >
            <EndingFields
              label={say.exitWhen}
              ending={index}
              value={exit}
              path={['meta', 'exits', index, 'when']}
              onChange={(when, part) =>
                set(
                  exits.map((each, place) => (place === index ? { ...each, when } : each)),
                  `exit ${index} ${part}`,
                )
              }
            />
          </BranchBox>
        ))}
      </ol>
      <AddButton
        onClick={() => {
          set([...exits, { when: NOTHING_CHOSEN }])
          opened.goTo(exits.length)
        }}
      >
        {say.addExit}
      </AddButton>
    </Section>
  )
}

function EndingFields({
  label,
  ending,
  value: { when, to },
  path,
  onChange,
}: {
  readonly label: string
  readonly ending: 'goal' | number
  readonly value: Ending
  readonly path: Path
  readonly onChange: (when: Condition, part: string) => void
}) {
  const { apply } = useBuild()
  return (
    <>
      <ConditionField label={label} scope="branch" value={when} path={path} onChange={onChange} />
      <ChoiceField
        label={say.next}
        value={to === undefined ? 'leaves' : 'own'}
        options={[
          { value: 'leaves', label: say.leaves },
          { value: 'own', label: say.own },
        ]}
        onChange={(how) => apply(giveEndingAWay(ending, how === 'own'))}
      />
      {to !== undefined && <ContinueAt place={{ from: 'ending', ending }} />}
    </>
  )
}
