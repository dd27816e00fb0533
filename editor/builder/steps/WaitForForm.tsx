/** What a step waits for: events, what becomes of a message, a condition that becomes true; and how long at most. */
import { Button, Menu } from '@mantine/core'
import { whenOf, type Condition, type Path, type Step } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import {
  addAwaited,
  awaitedAt,
  awaitedOf,
  changeAwaited,
  removeAwaited,
  type Awaited,
} from '../document/awaiting.ts'
import { messagesBefore } from '../document/before.ts'
import { labelWay } from '../document/commands.ts'
import { nameOf } from '../document/graph.ts'
import { NOTHING_CHOSEN } from '../document/newStep.ts'
import type { StepPlace } from '../document/places.ts'
import { conditionInWords, heardInWords } from '../document/sentences.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { BranchBox } from './Branch.tsx'
import { useStepChange } from './change.ts'
import { ConditionField } from './ConditionField.tsx'
import { ContinueAt } from './ContinueAt.tsx'
import { DelayField } from './DelayField.tsx'
import { withDelay } from './delays.ts'
import { EventField } from './EventField.tsx'
import { AddButton, ChoiceField, Optional, Section, TextField } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import styles from './Forms.module.css'
import { MESSAGE_FACTS, messageFactOf, messageWaited } from './messageFacts.ts'
import { mergeName } from './typed.ts'
import { useOpen } from './useOpen.ts'

const say = words.forms.waitFor

export function WaitForForm({ id, step }: StepFormProps) {
  const change = useStepChange(id)
  const draft = useDraft()
  const awaited = awaitedOf(step)
  const [opened, list] = useOpen(awaited.length === 1 ? 0 : -1)
  const [delay, way] = Object.entries(step.after ?? {})[0] ?? ['', undefined]
  const messages = messagesBefore(draft, id)
  const add = (event: string | null, when?: Condition) => {
    change.act(addAwaited(id, event, when))
    opened.goTo(event === null ? awaited.length : awaited.filter(({ event }) => event !== null).length)
  }
  return (
    <>
      <Section title={say.what}>
        <ol ref={list} className={styles['branches']}>
          {awaited.map((each, index) => (
            <AwaitedBox
              // oxlint-disable-next-line react/no-array-index-key -- what is waited for has no name of its own
              key={index}
              id={id}
              step={step}
              awaited={each}
              index={index}
              removable={awaited.length > 1}
              open={opened.is(index)}
              toggle={() => opened.toggle(index)}
            />
          ))}
        </ol>
        <Menu position="bottom-start" width={280} withinPortal>
          <Menu.Target>
            <AddButton>{say.add}</AddButton>
          </Menu.Target>
          <Menu.Dropdown>
            {messages[0] !== undefined && (
              <Menu.Item onClick={() => messages[0] && add(...messageWaited(draft, messages[0], 'opened'))}>
                {say.kinds.message}
              </Menu.Item>
            )}
            <Menu.Item onClick={() => add('')}>{say.kinds.event}</Menu.Item>
            <Menu.Item onClick={() => add(null, NOTHING_CHOSEN)}>{say.kinds.condition}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Section>
      <Section title={say.otherwise}>
        {way === undefined ? (
          <Button variant="light" size="compact-sm" onClick={() => change.step('after', withLimit)}>
            {say.addLimit}
          </Button>
        ) : (
          <>
            <DelayField
              label={say.limit}
              types={['after', 'at', 'date']}
              says="limit"
              value={delay}
              path={['states', id, 'after']}
              onChange={(text) => change.step('after', (before) => withDelay(before, text))}
            />
            <ContinueAt place={{ from: 'step', step: id, ats: [['after', delay]] }} />
          </>
        )}
      </Section>
    </>
  )
}

/** A wait that came without an end gets one: the way of the first thing that it waits for, after three days. */
function withLimit(step: Step): Step {
  const [first] = awaitedOf(step)
  return first === undefined ? step : { ...step, after: { P3D: first.branch.target } }
}

function AwaitedBox({
  id,
  step,
  awaited: { event, branch },
  index,
  removable,
  open,
  toggle,
}: {
  readonly id: string
  readonly step: Step
  readonly awaited: Awaited
  readonly index: number
  readonly removable: boolean
  readonly open: boolean
  readonly toggle: () => void
}) {
  const { around } = useEditing()
  const { apply } = useBuild()
  const change = useStepChange(id)
  const at = awaitedAt(step, index)
  const place: StepPlace = { from: 'step', step: id, ats: [at] }
  const when = whenOf(branch)
  const said =
    event === null
      ? conditionInWords(when ?? NOTHING_CHOSEN)
      : event === ''
        ? say.whichEvent
        : heardInWords(event, branch, around)
  return (
    <BranchBox
      title={branch.meta?.label ?? said}
      detail={branch.meta?.label === undefined ? undefined : said}
      open={open}
      toggle={toggle}
      actions={
        removable
          ? [{ label: say.remove, color: 'red', act: () => change.act(removeAwaited(id, index)) }]
          : []
      }
    >
      <AwaitedFields
        id={id}
        event={event}
        when={when}
        at={at}
        set={(next, condition, field) =>
          void apply(changeAwaited(id, index, next, condition), {
            merge: mergeName(`${id} awaited ${index} ${field}`, next),
          })
        }
      />
      <TextField
        label={words.forms.branches.label}
        placeholder={said}
        value={branch.meta?.label}
        onChange={(text) =>
          apply(labelWay(place, text), { merge: mergeName(`${id} awaited ${index} label`, text) })
        }
      />
      <ContinueAt place={place} />
    </BranchBox>
  )
}

type SetAwaited = (event: string | null, when: Condition | undefined, field: string) => void

function AwaitedFields({
  id,
  event,
  when,
  at,
  set,
}: {
  readonly id: string
  readonly event: string | null
  readonly when: Condition | undefined
  readonly at: Path
  readonly set: SetAwaited
}) {
  const { graph, around } = useEditing()
  const draft = useDraft()
  const path = ['states', id, ...at, 'guard', 'params', 'when']
  const fact = messageFactOf(event, when)
  if (event === null)
    return (
      <ConditionField
        label={say.condition}
        hint={say.conditionHint}
        scope="branch"
        step={id}
        value={when ?? NOTHING_CHOSEN}
        path={path}
        onChange={(next, part) => set(null, next, `when ${part}`)}
      />
    )
  if (fact !== undefined) {
    const messages = [...new Set([fact.message, ...messagesBefore(draft, id)])]
    return (
      <>
        <ChoiceField
          label={say.message}
          value={fact.message}
          options={messages.map((value) => ({ value, label: nameOf(graph, around, value) }))}
          onChange={(message) => set(...messageWaited(draft, message, fact.was), 'message')}
        />
        <ChoiceField
          label={say.fact}
          value={fact.was}
          options={MESSAGE_FACTS.map((value) => ({ value, label: say.facts[value] }))}
          onChange={(was) => set(...messageWaited(draft, fact.message, was), 'fact')}
        />
      </>
    )
  }
  return (
    <>
      <EventField
        label={say.event}
        value={event}
        path={['states', id, 'on']}
        onChange={(next) => set(next, when, 'event')}
      />
      <Optional
        label={say.onlyIf}
        on={when !== undefined}
        toggle={(on) => set(event, on ? NOTHING_CHOSEN : undefined, 'filter')}
      >
        <ConditionField
          label={say.if}
          scope="branch"
          event={event}
          step={id}
          value={when ?? NOTHING_CHOSEN}
          path={path}
          onChange={(next, part) => set(event, next, `when ${part}`)}
        />
      </Optional>
    </>
  )
}
