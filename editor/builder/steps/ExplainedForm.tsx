/** A step that has nothing to set says what it does. */
import { Text } from '@mantine/core'
import { kindOf } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import type { StepFormProps } from './formProps.ts'

export function ExplainedForm({ step }: StepFormProps) {
  const kind = kindOf(step)
  const explained: { readonly [kind: string]: string } = words.forms.explained
  return <Text size="sm">{explained[kind]}</Text>
}
