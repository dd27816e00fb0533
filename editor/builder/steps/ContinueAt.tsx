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
  const options = useMemo(
    () => [
      { value: ENDS, label: ends },
      ...flowOf(graph)
        .filter((id) => id !== ENTRY && !isBareEnd(draft, id))
        .map((id) => ({ value: id, label: nameOf(graph, around, id) })),
    ],
    [draft, graph, around, ends],
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

function isBareEnd(draft: Draft, id: string): boolean {
  const step = draft.states[id]
  return step !== undefined && kindOf(step) === 'end' && step.meta?.label === undefined
}
