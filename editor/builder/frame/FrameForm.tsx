/** Who enters a journey, how often, what ends it, and what it is called: the whole frame, or one part of it. */
import { UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { STAGES } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { Tile } from '../canvas/Tile.tsx'
import { useEditing } from '../commands/EditingProvider.tsx'
import { StarterMenu } from '../commands/StarterMenu.tsx'
import { startWith } from '../commands/startWith.ts'
import { frameId, type FramePart } from '../document/frame.ts'
import { setMeta } from '../document/frameCommands.ts'
import { NOTHING_CHOSEN } from '../document/newStep.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { ConditionField } from '../steps/ConditionField.tsx'
import { AddButton, ChoiceField, Optional, Section, TextField } from '../steps/Fields.tsx'
import forms from '../steps/Forms.module.css'
import { TRIGGER_LOOK } from '../steps/looks.ts'
import { useProblemAt } from '../steps/problemAt.ts'
import { mergeName } from '../steps/typed.ts'
import { ExitsFields, GoalFields } from './EndingFields.tsx'
import styles from './Frame.module.css'
import { ReentryFields } from './ReentryFields.tsx'
import { TriggerForm } from './TriggerForm.tsx'

const say = words.forms.frame

export function FrameForm({ part }: { readonly part: FramePart }) {
  switch (part.part) {
    case 'trigger':
      return <TriggerForm place={part.place} />
    case 'frame':
      return (
        <div className={forms['form']}>
          <Starts />
          <AudienceFields />
          <ReentryFields />
          <GoalFields />
          <ExitsFields />
          <AboutJourney />
        </div>
      )
    case 'reentry':
      return <ReentryFields />
    case 'audience':
      return <AudienceFields />
    case 'goal':
      return <GoalFields />
    case 'exits':
      return <ExitsFields first={part.index ?? -1} />
  }
}

function Starts() {
  const { graph } = useEditing()
  const builder = useBuild()
  return (
    <Section title={say.starts}>
      <ul className={styles['starts']}>
        {graph.entry.triggers.map(({ title, detail, place }) => (
          <li key={`${place.index} ${place.event}`}>
            <UnstyledButton
              className={styles['start'] ?? ''}
              onClick={() => builder.select([frameId({ part: 'trigger', place })])}
            >
              <Tile look={TRIGGER_LOOK} />
              <span>
                <b dir="auto">{title === '' ? words.forms.event.missing : title}</b>
                {detail !== undefined && <small dir="auto">{detail}</small>}
              </span>
              <IconChevronRight size={16} aria-hidden />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <StarterMenu position="bottom-start" onChoose={(starter) => startWith(builder, starter)}>
        <AddButton>{say.addStart}</AddButton>
      </StarterMenu>
    </Section>
  )
}

function AudienceFields() {
  const { audience } = useDraft().meta
  const { apply } = useBuild()
  return (
    <Section title={say.audience}>
      <Optional
        label={say.hasAudience}
        hint={say.audienceHint}
        on={audience !== undefined}
        toggle={(on) => apply(setMeta({ audience: on ? NOTHING_CHOSEN : undefined }))}
      >
        <ConditionField
          label={say.audienceWhen}
          scope="contact"
          value={audience ?? NOTHING_CHOSEN}
          path={['meta', 'audience']}
          onChange={(when, part) => apply(setMeta({ audience: when }), { merge: `audience ${part}` })}
        />
      </Optional>
    </Section>
  )
}

const NO_STAGE = ''

function AboutJourney() {
  const { name, description, stage } = useDraft().meta
  const { apply } = useBuild()
  const problem = useProblemAt(['meta'])
  return (
    <Section title={say.about}>
      <TextField
        label={say.name}
        value={name}
        error={problem('name')}
        onChange={(text) => apply(setMeta({ name: text }), { merge: mergeName('name', text) })}
      />
      <TextField
        label={say.description}
        hint={say.descriptionHint}
        lines={3}
        value={description}
        error={problem('description')}
        onChange={(text) =>
          apply(setMeta({ description: text === '' ? undefined : text }), {
            merge: mergeName('description', text),
          })
        }
      />
      <ChoiceField
        label={say.stage}
        hint={say.stageHint}
        value={stage ?? NO_STAGE}
        options={[
          { value: NO_STAGE, label: words.everyStage.name },
          ...STAGES.map((value) => ({ value, label: words.stages[value].name })),
        ]}
        onChange={(value) => apply(setMeta({ stage: value === NO_STAGE ? undefined : value }))}
      />
    </Section>
  )
}
