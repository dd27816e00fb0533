/** Where a way leads, as a line of the form: the twin of drawing a wire. */
import { Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import { words } from '../../words.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { insertStep, leadTo } from '../document/commands.ts'
import { isBareEnd, type Draft } from '../document/draft.ts'
import { flowOf } from '../document/flow.ts'
import { ENTRY } from '../document/frame.ts'
import { nameOf } from '../document/graph.ts'
import { targetAt, type Place } from '../document/places.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { Section } from './Fields.tsx'
import styles from './Forms.module.css'

const ENDS = ''

/** Leads a place to any step, or ends it there. */
export function ContinueAt({
  place,
  label = words.forms.ways.continueAt,
  ends = words.forms.ways.ends,
}: {
  readonly place: Place
  readonly label?: string
  /** What it is called to end the way here, so that something else can follow. */
  readonly ends?: string
}) {
  const draft = useDraft()
  const { apply } = useBuild()
  const { graph, around } = useEditing()
  const target = targetAt(draft, place)
  // Only what waits can lead to itself.
  const itself = place.from === 'step' && place.ats[0]?.[0] === 'always' ? place.step : undefined
  // All steps of a large journey are named only for those who look at them.
  const [isOpen, setOpen] = useState(false)
  const options = useMemo(() => {
    const steps = isOpen ? flowOf(graph).filter((id) => id !== ENTRY && id !== itself) : [target]
    return [
      { value: ENDS, label: ends },
      ...told(
        steps.flatMap((id) =>
          id === undefined || endsAt(draft, id) ? [] : [{ value: id, label: nameOf(graph, around, id) }],
        ),
      ),
    ]
  }, [isOpen, draft, graph, around, itself, ends, target])
  if (target === undefined) return null
  return (
    <Select
      size="sm"
      label={label}
      classNames={{ input: styles['plain'] ?? '' }}
      searchable
      allowDeselect={false}
      nothingFoundMessage={words.forms.nothingFound}
      data={options}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      value={endsAt(draft, target) ? ENDS : target}
      onChange={(to) => to !== null && apply(to === ENDS ? insertStep(place, 'end') : leadTo(place, to))}
    />
  )
}

/** The section of a step with one way out. */
export function Then({ id }: { readonly id: string }) {
  const { graph } = useEditing()
  const way = graph.ways.find(({ from }) => from === id)
  if (way === undefined) return null
  return (
    <Section title={words.forms.ways.title}>
      <ContinueAt place={way.place} />
    </Section>
  )
}

/** Steps that are called the same are told apart by a number, in the order of the drawing. */
function told(options: readonly { readonly value: string; readonly label: string }[]) {
  const seen = new Map<string, number>()
  return options.map(({ value, label }) => {
    const before = seen.get(label) ?? 0
    seen.set(label, before + 1)
    return { value, label: before === 0 ? label : words.forms.ways.another(label, before + 1) }
  })
}

function endsAt(draft: Draft, id: string): boolean {
  const step = draft.states[id]
  return step !== undefined && isBareEnd(step)
}
