/** How a message goes on: at once or when its result is known, and where to if it cannot be sent. */
import type { Step } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { awaitResult, giveFailureAWay, resultsOf, treatUnknownAs } from '../document/results.ts'
import { useStepChange } from './change.ts'
import { ContinueAt } from './ContinueAt.tsx'
import { withDelay } from './delays.ts'
import { ChoiceField, LengthField, Section } from './Fields.tsx'
import { useProblemAt } from './problemAt.ts'

const say = words.forms.results

export function ResultFields({
  id,
  step,
  of,
}: {
  readonly id: string
  readonly step: Step
  readonly of: 'message' | 'webhook'
}) {
  const { graph } = useEditing()
  const change = useStepChange(id)
  const problem = useProblemAt(['states', id, 'after'])
  const results = resultsOf(step)
  if (results === undefined) return null
  const { waits, ownWay, limit = '', unknown } = results
  const told = say[of]
  return (
    <Section title={words.forms.ways.title}>
      <ChoiceField
        label={say.when}
        value={waits ? 'known' : 'atOnce'}
        options={[
          { value: 'atOnce', label: say.atOnce },
          { value: 'known', label: told.known },
        ]}
        onChange={(value) => change.act(awaitResult(id, value === 'known'))}
      />
      {waits && (
        <LengthField
          label={told.limit}
          value={limit}
          error={problem()}
          onChange={(length) => change.step('after', (before) => withDelay(before, length))}
        />
      )}
      <ChoiceField
        label={told.failed}
        hint={ownWay || waits ? undefined : say.ownWayWaits}
        value={ownWay ? 'own' : 'same'}
        options={[
          { value: 'same', label: say.same },
          { value: 'own', label: say.own },
        ]}
        onChange={(value) => change.act(giveFailureAWay(id, value === 'own'))}
      />
      {ownWay && (
        <ChoiceField
          label={say.unknown}
          value={unknown}
          options={[
            { value: 'done', label: told.asDone },
            { value: 'failed', label: told.asFailed },
          ]}
          onChange={(value) => change.act(treatUnknownAs(id, value))}
        />
      )}
      {graph.ways
        .filter(({ from }) => from === id)
        .map(({ id: way, place, label }) => (
          <ContinueAt
            key={way}
            place={place}
            {...(label === undefined ? {} : { label: words.forms.ways.continueFrom(label) })}
          />
        ))}
    </Section>
  )
}
