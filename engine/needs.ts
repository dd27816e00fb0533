/** What a journey needs from outside: events that somebody sends, mails that somebody wrote; and the lists it keeps. */
import { isReservedEvent } from './dialect/names.ts'
import type { Journey } from './journey.ts'
import { conditionsOf, stepsOf } from './reading.ts'

/** The lists that a journey puts people on or takes them off, each once; those that are missing are made at publication. */
export function listsNamed(journey: Journey): readonly string[] {
  const named = stepsOf(journey).flatMap(([, { entry }]) => {
    if (entry?.type === 'moveToList') return [entry.params.list, ...(entry.params.from ?? [])]
    return entry?.type === 'addToList' || entry?.type === 'removeFromList' ? [entry.params.list] : []
  })
  return [...new Set(named)]
}

/** The templates of a journey's mails, each once. */
export function templatesNamed(journey: Journey): readonly string[] {
  const named = stepsOf(journey).flatMap(([, { entry }]) =>
    entry?.type === 'sendEmail' && 'template' in entry.params ? [entry.params.template] : [],
  )
  return [...new Set(named)]
}

/** The events from outside that let in, are waited for or counted, each once: without them nothing happens. */
export function eventsNamed(journey: Journey): readonly string[] {
  const heard = [
    ...Object.keys(journey.on),
    ...stepsOf(journey).flatMap(([, { on = {} }]) => Object.keys(on)),
    ...conditionsOf(journey).flatMap(({ when }) => ('count' in when ? [when.count.event] : [])),
  ]
  return [...new Set(heard)].filter((name) => !isReservedEvent(name))
}
