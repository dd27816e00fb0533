/** How a score ebbs while somebody does nothing. */
import { Text } from '@mantine/core'
import { branchesOf, type Step, type UpdateParams } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { given } from '../document/commands.ts'
import { useStepChange } from './change.ts'
import { DelayField } from './DelayField.tsx'
import { withDelay } from './delays.ts'
import { Section } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import { FloorField, UpdateFields } from './UpdateFields.tsx'
import type { DraftUpdate } from './updates.ts'

const say = words.forms.decay

export function DecayForm({ id, step }: StepFormProps) {
  const change = useStepChange(id)
  const [[delay, way] = ['', undefined]] = Object.entries(step.after ?? {})
  const [branch] = branchesOf(way)
  const params: DraftUpdate = paramsOf(branch?.actions?.[0]) ?? {}
  const update = {
    params,
    path: ['states', id, 'after', delay, 'actions', 0, 'params'],
    set: (field: string, changed: DraftUpdate) =>
      change.step(field, (before) => withUpdate(before, changed), undefined),
  }
  return (
    <>
      <Text size="sm" c="dimmed">
        {say.how}
      </Text>
      <DelayField
        label={say.after}
        types={['inactive']}
        value={delay}
        path={['states', id, 'after']}
        onChange={(text) => change.step('after', (before) => withDelay(before, text))}
      />
      <UpdateFields {...update} changes={['subtract', 'multiply', 'set']} />
      <Section>
        <FloorField {...update} />
      </Section>
    </>
  )
}

function paramsOf(
  action: { readonly type: string; readonly params: object } | undefined,
): DraftUpdate | undefined {
  return action?.type === 'updateAttribute' ? action.params : undefined
}

/** The step with its update changed; `undefined` takes a part away. */
function withUpdate(step: Step, changed: DraftUpdate): Step {
  const [[delay, way] = ['', undefined]] = Object.entries(step.after ?? {})
  const [branch] = branchesOf(way)
  if (branch === undefined) return step
  const params = given({ ...paramsOf(branch.actions?.[0]), ...changed })
  return {
    ...step,
    after: {
      [delay]: {
        ...branch,
        actions: [{ type: 'updateAttribute', params: params as unknown as UpdateParams }],
      },
    },
  }
}
