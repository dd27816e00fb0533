/** Where a way leads, as a line of the form: the twin of drawing a wire. */
import { Select } from '@mantine/core'
import { useMemo } from 'react'
import { kindOf } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { insertStep, leadTo } from '../document/commands.ts'
import type { Draft } from '../document/draft.ts'
import { flowOf } from '../document/flow.ts'
import { ENTRY } from '../document/frame.ts'
import { nameOf } from '../document/graph.ts'
import { targetAt, type Place } from '../document/places.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { Section } from './Fields.tsx'

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
  const options = useMemo(
    () => [
      { value: ENDS, label: ends },
      ...told(
        flowOf(graph)
          .filter((id) => id !== ENTRY && id !== itself && !isBareEnd(draft, id))
          .map((id) => ({ value: id, label: nameOf(graph, around, id) })),
      ),
    ],
    [draft, graph, around, itself, ends],
  )
  if (target === undefined) return null
  return (
    <Select
      size="sm"
      label={label}
      dir="auto"
      searchable
      allowDeselect={false}
      nothingFoundMessage={words.forms.nothingFound}
      data={options}
      value={isBareEnd(draft, target) ? ENDS : target}
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

function isBareEnd(draft: Draft, id: string): boolean {
  const step = draft.states[id]
  return step !== undefined && kindOf(step) === 'end' && step.meta?.label === undefined
}
