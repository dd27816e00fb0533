/** How long a step waits, or until when. */
import { words } from '../../words.ts'
import { useStepChange } from './change.ts'
import { Then } from './ContinueAt.tsx'
import { DelayField } from './DelayField.tsx'
import { withDelay } from './delays.ts'
import type { StepFormProps } from './formProps.ts'

export function WaitForm({ id, step: { after } }: StepFormProps) {
  const change = useStepChange(id)
  const [delay = ''] = Object.keys(after ?? {})
  return (
    <>
      <DelayField
        label={words.forms.wait.how}
        types={['after', 'at', 'between', 'date']}
        value={delay}
        path={['states', id, 'after']}
        onChange={(text) => change.step('after', (step) => withDelay(step, text))}
      />
      <Then id={id} />
    </>
  )
}
