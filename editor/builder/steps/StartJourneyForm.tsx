/** Which journey a step starts, and what it is told. */
import { Select } from '@mantine/core'
import { words } from '../../words.ts'
import { useStepChange } from './change.ts'
import { Then } from './ContinueAt.tsx'
import type { StepFormProps } from './formProps.ts'
import styles from './Forms.module.css'
import { typedScalar } from './pairs.ts'
import { PairsField } from './PairsField.tsx'
import { useProblemAt } from './problemAt.ts'
import { textOf } from './typed.ts'
import { useNames } from './useNames.ts'

const say = words.forms.startJourney

export function StartJourneyForm({ id, step: { entry } }: StepFormProps) {
  const change = useStepChange(id)
  const problem = useProblemAt(['states', id, 'entry', 'params'])
  const { journeys } = useNames()
  if (entry?.type !== 'startJourney') return null
  const { properties } = entry.params
  const journey = textOf(entry.params.journey)
  const known = journeys
    .filter(({ startable }) => startable)
    .map(({ id: value, name }) => ({ value, label: name }))
  const name = journeys.find((each) => each.id === journey)?.name ?? journey
  const isKnown = journey === '' || known.some(({ value }) => value === journey)
  return (
    <>
      <Select
        size="sm"
        label={say.journey}
        description={say.hint}
        placeholder={say.placeholder}
        searchable
        classNames={{ input: styles['plain'] ?? '' }}
        allowDeselect={false}
        nothingFoundMessage={words.forms.nothingFound}
        data={isKnown ? known : [...known, { value: journey, label: name }]}
        value={journey === '' ? null : journey}
        {...(problem('journey') === undefined ? {} : { error: problem('journey') })}
        onChange={(value) => value !== null && change.params('journey', { journey: value })}
      />
      <PairsField
        label={say.properties}
        hint={say.propertiesHint}
        record={Object.fromEntries(
          Object.entries(properties ?? {}).map(([name, value]) => [name, textOf(value)]),
        )}
        error={problem('properties')}
        nameLabel={say.property}
        valueLabel={say.value}
        add={say.add}
        onChange={(record) =>
          change.params('properties', {
            properties:
              Object.keys(record).length === 0
                ? undefined
                : Object.fromEntries(
                    Object.entries(record).map(([name, value]) => [name, typedScalar(value)]),
                  ),
          })
        }
      />
      <Then id={id} />
    </>
  )
}
