// The journeys of the bench: three that hear its events, one way or the other, and as many silent ones as wanted.
import type { Condition, Journey, Step } from '../../engine/index.ts'
import { LARGE, LIST, POINTS } from './sequence.ts'

/** Points for each order, more for large ones, and a list for those who have enough of them. */
export const LISTENING: readonly Journey[] = [
  journey('bench-points', 'bench_order', undefined, points(POINTS)),
  journey(
    'bench-large',
    'bench_order',
    { event: 'amount', operator: '>=', value: LARGE.amount },
    points(LARGE.points),
  ),
  journey(
    'bench-regulars',
    'score.changed',
    { all: [{ field: 'SCORE', operator: '>=', value: LIST.from }, { not: { list: LIST.name } }] },
    {
      meta: { kind: 'addToList', label: 'To the regulars' },
      entry: { type: 'addToList', params: { list: LIST.name } },
    },
  ),
]

/** Published and live, and nothing they listen to ever happens. */
export function silent(count: number): readonly Journey[] {
  return Array.from({ length: count }, (_, index) =>
    journey(`bench-silent-${index + 1}`, `silent_${index + 1}`, undefined, points(1)),
  )
}

function points(add: number): Step {
  return {
    meta: { kind: 'update', label: `Add ${add}` },
    entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add } },
  }
}

function journey(id: string, event: string, when: Condition | undefined, step: Step): Journey {
  return {
    id,
    meta: { format: 1, name: id, reentry: { policy: 'parallel' } },
    context: {},
    initial: 'outside',
    on: { [event]: { target: '.do', guard: { type: 'mayEnter', ...(when && { params: { when } }) } } },
    states: {
      outside: {},
      do: { ...step, always: 'end' },
      end: { type: 'final', meta: { kind: 'end', label: 'Done' } },
    },
  }
}
