/** The form of one step: what its kind asks for, where it leads, and what people call it. */
import type { Step } from '../../../engine/index.ts'
import { kindOf } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useStepChange } from './change.ts'
import { Section, TextField } from './Fields.tsx'
import { FORMS } from './forms.ts'
import styles from './Forms.module.css'
import { useProblemAt } from './problemAt.ts'

const say = words.forms.about

export function StepForm({ id, step }: { readonly id: string; readonly step: Step }) {
  const Form = FORMS[kindOf(step)]
  return (
    <div className={styles['form']}>
      <Form id={id} step={step} />
      <About id={id} step={step} />
    </div>
  )
}

function About({ id, step: { meta } }: { readonly id: string; readonly step: Step }) {
  const change = useStepChange(id)
  const problem = useProblemAt(['states', id, 'meta'])
  return (
    <Section title={say.title}>
      <TextField
        label={say.label}
        hint={say.labelHint}
        value={meta?.label}
        error={problem('label')}
        onChange={(label) => change.describe({ label })}
      />
      <TextField
        label={say.note}
        placeholder={say.notePlaceholder}
        lines={2}
        value={meta?.note}
        error={problem('note')}
        onChange={(note) => change.describe({ note })}
      />
    </Section>
  )
}
