/** Names that forms take and offer: of attributes as people write them, of lists and events that the draft speaks of. Pure. */
import { ATTRIBUTE_NAME, fieldInWords, isReservedEvent, stepsOf, type Step } from '../../../engine/index.ts'
import type { Draft } from '../document/draft.ts'

/** An attribute as somebody calls it, as the file names it: "Last price" is `LAST_PRICE`. What cannot be one stays as typed. */
export function attributeNamed(text: string): string {
  const name = text
    .trim()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return ATTRIBUTE_NAME.test(name) ? name : text
}

/** What people call an attribute; what is no name of one yet stays as typed. */
export function attributeInWords(name: string): string {
  return ATTRIBUTE_NAME.test(name) ? fieldInWords(name) : name
}

/** The lists that a step puts on or takes off. */
function listsOf({ entry }: Step): readonly unknown[] {
  if (entry?.type === 'addToList' || entry?.type === 'removeFromList') return [entry.params.list]
  if (entry?.type !== 'moveToList') return []
  const from: unknown = entry.params.from
  return Array.isArray(from) ? [entry.params.list, ...from] : [entry.params.list]
}

/** All lists that a draft puts on or takes off, each once. */
export function listsIn(draft: Draft): readonly string[] {
  return onlyNames(stepsOf(draft).flatMap(([, step]) => listsOf(step)))
}

/** The lists that the other steps of the draft move or add to: what "the other bands" are to a step that moves to one. */
export function otherBands(draft: Draft, id: string, list: string): readonly string[] {
  const added = stepsOf(draft).flatMap(([other, { entry }]) =>
    other !== id && (entry?.type === 'moveToList' || entry?.type === 'addToList') ? [entry.params.list] : [],
  )
  return onlyNames(added).filter((name) => name !== list)
}

/** The attributes that a draft changes, each once. */
export function attributesIn(draft: Draft): readonly string[] {
  return onlyNames(
    stepsOf(draft).flatMap(([, { entry }]) => {
      if (entry?.type === 'updateAttribute') return [entry.params.attribute]
      return entry?.type === 'callWebhook' ? Object.keys(entry.params.store ?? {}) : []
    }),
  ).filter((name) => ATTRIBUTE_NAME.test(name))
}

/** Events of clients that let in. */
export function clientEventsIn(draft: Draft): readonly string[] {
  return Object.keys(draft.on).filter((event) => !isReservedEvent(event))
}

function onlyNames(names: readonly unknown[]): readonly string[] {
  return [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))]
}
