/** What cards and ways call, made once for an open drawing: it reads the draft, the drawing and the hand when it is called. */
import { useEffect, useMemo, useRef, type RefObject } from 'react'
import { STEP_KINDS } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { insertKind } from '../commands/insertKind.ts'
import { startWith } from '../commands/startWith.ts'
import type { Refusal } from '../document/command.ts'
import { leadTo, whyNotHere } from '../document/commands.ts'
import { nameOf } from '../document/graph.ts'
import { useBuild } from '../state/context.tsx'
import type { Asked } from './AddMenu.tsx'
import { useHand, type Held } from './hand.ts'
import type { Tools } from './tools.ts'
import { useHandling } from './useHandling.ts'

export function useCanvasTools({
  editable,
  frame,
  ask,
  tell,
  goTo,
}: {
  readonly editable: boolean
  readonly frame: RefObject<HTMLDivElement | null>
  readonly ask: (asked: Asked) => void
  readonly tell: (text: string) => void
  readonly goTo: (id: string) => void
}): Tools {
  const builder = useBuild()
  const hand = useHand()
  const editing = useEditing()
  const latest = useRef(editing)
  useEffect(() => {
    latest.current = editing
  }, [editing])
  const actions = useMemo(() => {
    const refused = (refusal: Refusal | null) => {
      if (refusal) tell(words.builder.refusals[refusal.refused])
    }
    const insert: Tools['insert'] = (place, kind) => refused(insertKind(builder, place, kind))
    const lead: Tools['lead'] = (place, target) => {
      const { graph, around } = latest.current
      const say = words.ways.continues(nameOf(graph, around, target))
      refused(builder.apply(leadTo(place, target), { say }))
    }
    return {
      insert,
      lead,
      choosePlace: (place, button) => {
        const { held } = hand.get()
        const reason =
          held?.type === 'kind' ? whyNotHere(builder.get().history.present, place, held.kind) : null
        // It stays in the hand, to be put elsewhere.
        if (reason !== null) return tell(words.builder.refusals[reason])
        hand.drop()
        if (held?.type === 'kind') insert(place, held.kind)
        else ask({ place, button })
      },
      start: (starter) => refused(startWith(builder, starter)),
      take: (held) => {
        hand.take(held)
        builder.say(
          held.type === 'kind' ? words.canvas.hand.place(STEP_KINDS[held.kind].name) : words.canvas.hand.lead,
        )
      },
      select: (id, more) => {
        const { selection } = builder.get()
        const others = selection.filter((each) => each !== id)
        builder.select(more ? (others.length < selection.length ? others : [...others, id]) : [id])
      },
      // Said to the stylesheet alone: no card is drawn again.
      shade: (shaded) => frame.current?.toggleAttribute('data-shaded', shaded),
      dropAt: (held: Held, target: Element) => {
        const { way, join, card } = (target as HTMLElement).dataset
        const place =
          join === undefined
            ? latest.current.graph.ways.find(({ id }) => id === way)?.place
            : ({ from: 'join', step: join } as const)
        if (held.type === 'kind' && place !== undefined) insert(place, held.kind)
        if (held.type === 'way' && card !== undefined) lead(held.place, card)
      },
      dropBeside: ({ type }: Held) => tell(words.canvas.hand[type === 'kind' ? 'beside' : 'besideStep']),
    } satisfies Partial<Tools> & Record<string, unknown>
  }, [builder, hand, frame, ask, tell])
  const press = useHandling(frame, hand, actions)
  return useMemo((): Tools => ({ ...actions, editable, press, goTo }), [actions, editable, press, goTo])
}
