/** Names that a form offers: those that were really received, and those that the draft itself speaks of. */
import { useMemo } from 'react'
import { isReservedEvent } from '../../../engine/index.ts'
import type { Vocabulary } from '../../answers.ts'
import { useVocabulary } from '../../queries.ts'
import type { Draft } from '../document/draft.ts'
import { useDraft } from '../state/context.tsx'
import { attributesIn, clientEventsIn, listsIn } from './names.ts'

export interface Names {
  readonly lists: readonly string[]
  readonly segments: readonly string[]
  /** Scores first. */
  readonly attributes: readonly string[]
  readonly dates: readonly string[]
  /** Events of clients, the commonest first. */
  readonly events: readonly { readonly name: string; readonly last30Days: number | null }[]
  /** Properties of the events that let in. */
  readonly properties: readonly string[]
  readonly journeys: Vocabulary['journeys']
}

/** The same object as long as neither the draft nor what was received changes. */
export function useNames(): Names {
  const draft = useDraft()
  const { data } = useVocabulary()
  return useMemo(() => namesOf(draft, data), [draft, data])
}

function namesOf(draft: Draft, vocabulary: Vocabulary | undefined): Names {
  const received = (vocabulary?.events ?? []).filter(({ name }) => !isReservedEvent(name))
  const own = clientEventsIn(draft).filter((name) => !received.some((event) => event.name === name))
  return {
    lists: unique([...(vocabulary?.lists ?? []), ...listsIn(draft)]),
    segments: vocabulary?.segments ?? [],
    attributes: unique([
      'SCORE',
      ...(vocabulary?.attributes ?? []).map(({ name }) => name),
      ...attributesIn(draft),
    ]),
    dates: (vocabulary?.attributes ?? []).flatMap(({ name, type }) => (type === 'date' ? [name] : [])),
    events: [...received, ...own.map((name) => ({ name, last30Days: null }))].filter(
      ({ name }) => name !== '',
    ),
    properties: unique(
      (vocabulary?.events ?? []).flatMap(({ name, properties }) =>
        Object.hasOwn(draft.on, name) ? properties.map((property) => property.name) : [],
      ),
    ),
    journeys: vocabulary?.journeys ?? [],
  }
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
