/** The fields of a change to a score or another attribute, in a step or while somebody is inactive. */
import { useState } from 'react'
import type { Path } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { AttributeField } from './AttributeField.tsx'
import {
  ChoiceField,
  LengthField,
  NumberField,
  Optional,
  Section,
  SuggestField,
  TextField,
} from './Fields.tsx'
import { useProblemAt } from './problemAt.ts'
import {
  amountFrom,
  CAP_SPANS,
  capSpanOf,
  changedTo,
  changeOf,
  SOURCES,
  sourceOf,
  type Change,
  type DraftUpdate,
  type Source,
} from './updates.ts'
import { textOf, typedNumber } from './typed.ts'
import { useNames } from './useNames.ts'

const say = words.forms.update

interface UpdateProps {
  readonly params: DraftUpdate
  /** Where the params stand in the file. */
  readonly path: Path
  /** Sets some of the params; `undefined` takes one away. */
  readonly set: (field: string, params: DraftUpdate) => void
}

/** Which attribute, what happens to it, and by how much. */
export function UpdateFields({
  params,
  path,
  set,
  changes,
}: UpdateProps & { readonly changes: readonly Change[] }) {
  const problem = useProblemAt(path)
  const change = changeOf(params)
  return (
    <>
      <AttributeField
        label={say.attribute}
        hint={say.attributeHint}
        value={textOf(params.attribute)}
        error={problem('attribute')}
        onChange={(attribute) => set('attribute', { attribute })}
      />
      <ChoiceField
        label={say.change}
        value={change}
        options={changes.map((value) => ({ value, label: say.changes[value] }))}
        onChange={(value) => set('change', changedTo(params, value))}
      />
      {change !== 'clear' && (
        <AmountField
          key={change}
          label={say.amounts[change]}
          sources={change === 'multiply' ? ['number'] : change === 'set' ? SOURCES : ['number', 'event']}
          value={params[change]}
          error={problem(change)}
          onChange={(amount) => set(change, { [change]: amount })}
        />
      )}
    </>
  )
}

function AmountField({
  label,
  sources,
  value,
  error,
  onChange,
}: {
  readonly label: string
  readonly sources: readonly Source[]
  readonly value: unknown
  readonly error: string | undefined
  readonly onChange: (amount: unknown) => void
}) {
  // A number that is not one yet is stored as a text: which of them is meant only this form knows.
  const [chosen, setChosen] = useState<Source>(sources.includes(sourceOf(value)) ? sourceOf(value) : 'number')
  const source = typeof value === 'string' ? chosen : sourceOf(value)
  const take = (next: Source) => {
    setChosen(next)
    onChange(amountFrom(next, value))
  }
  return (
    <>
      {sources.length > 1 && (
        <ChoiceField
          label={say.source}
          value={source}
          options={sources.map((each) => ({ value: each, label: say.sources[each] }))}
          onChange={take}
        />
      )}
      {source === 'number' && <NumberField label={label} value={value} error={error} onChange={onChange} />}
      {source === 'text' && <TextField label={say.text} value={value} error={error} onChange={onChange} />}
      {source === 'event' && (
        <EventAmount
          amount={value as { readonly event?: unknown; readonly times?: unknown }}
          error={error}
          onChange={onChange}
        />
      )}
    </>
  )
}

function EventAmount({
  amount: { event, times },
  error,
  onChange,
}: {
  readonly amount: { readonly event?: unknown; readonly times?: unknown }
  readonly error: string | undefined
  readonly onChange: (amount: unknown) => void
}) {
  const set = (event: unknown, times: unknown) =>
    onChange({ event, ...(times === undefined || times === 1 ? {} : { times }) })
  return (
    <>
      <PropertyField
        label={say.property}
        hint={say.propertyHint}
        value={textOf(event)}
        error={error}
        onChange={(property) => set(property, times)}
      />
      <NumberField label={say.times} value={times ?? 1} onChange={(count) => set(event, count)} />
    </>
  )
}

/** A property of the event that let somebody in. */
function PropertyField(props: {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly error?: string | undefined
  readonly onChange: (property: string) => void
}) {
  return <SuggestField {...props} suggestions={useNames().properties} />
}

/** What keeps a change from counting too often or too far. */
export function UpdateLimits({ params, path, set }: UpdateProps) {
  const change = changeOf(params)
  const problem = useProblemAt(path)
  return (
    <Section title={say.limits}>
      {(change === 'add' || params.cap !== undefined) && (
        <Optional
          label={say.cap}
          on={params.cap !== undefined}
          toggle={(on) =>
            set('cap on', {
              cap: on ? { points: typeof params.add === 'number' ? params.add : 100, per: 'P1D' } : undefined,
            })
          }
        >
          <CapFields cap={params.cap ?? {}} problem={problem} set={(cap) => set('cap', { cap })} />
        </Optional>
      )}
      <Optional
        label={say.cooldown}
        on={params.cooldown !== undefined}
        toggle={(on) => set('cooldown on', { cooldown: on ? 'PT1H' : undefined })}
      >
        <LengthField
          label={say.cooldownLength}
          value={textOf(params.cooldown)}
          error={problem('cooldown')}
          onChange={(cooldown) => set('cooldown', { cooldown })}
        />
      </Optional>
      {(change !== 'add' || params.floor !== undefined) && (
        <FloorField params={params} path={path} set={set} />
      )}
    </Section>
  )
}

/** "Never below …". */
export function FloorField({ params, path, set }: UpdateProps) {
  const problem = useProblemAt(path)
  return (
    <Optional
      label={say.floor}
      on={params.floor !== undefined}
      toggle={(on) => set('floor on', { floor: on ? 0 : undefined })}
    >
      <NumberField
        label={say.floorPoints}
        value={params.floor}
        error={problem('floor')}
        onChange={(floor) => set('floor', { floor })}
      />
    </Optional>
  )
}

interface CapDraft {
  readonly points?: unknown
  readonly per?: unknown
  readonly key?: unknown
}

function CapFields({
  cap,
  problem,
  set,
}: {
  readonly cap: CapDraft
  readonly problem: ReturnType<typeof useProblemAt>
  readonly set: (cap: CapDraft) => void
}) {
  const per = textOf(cap.per)
  const span = capSpanOf(per)
  const key = textOf(cap.key).replace(/^event\./, '')
  return (
    <>
      <NumberField
        label={say.capPoints}
        value={cap.points}
        error={problem('cap', 'points')}
        onChange={(points) => set({ ...cap, points })}
      />
      <ChoiceField
        label={say.capSpan}
        value={span}
        options={CAP_SPANS.map((value) => ({ value, label: say.capSpans[value] }))}
        onChange={(value) => set({ ...cap, per: { time: 'P1D', emails: '3 emails', ever: 'ever' }[value] })}
      />
      {span === 'time' && (
        <LengthField
          label={say.capLength}
          value={per}
          error={problem('cap', 'per')}
          onChange={(length) => set({ ...cap, per: length })}
        />
      )}
      {span === 'emails' && (
        <NumberField
          label={say.capEmails}
          value={typedNumber(per.replace(/ emails$/, ''))}
          error={problem('cap', 'per')}
          onChange={(count) => set({ ...cap, per: `${count} emails` })}
        />
      )}
      <PropertyField
        label={say.capKey}
        hint={say.capKeyHint}
        value={key}
        error={problem('cap', 'key')}
        onChange={(property) => {
          const { key: _key, ...bare } = cap
          set(property === '' ? bare : { ...bare, key: `event.${property}` })
        }}
      />
    </>
  )
}
