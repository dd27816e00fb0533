/** Triggers by time: when they let in next. Who then enters, an entry `due` decides. */
import { nextTime } from './calendar.ts'
import type { Catalogue, JourneyTime } from './catalogue.ts'
import type { Contact } from './contact.ts'
import { EVERY_DAY, nextOf } from './delays.ts'
import { zoneOf } from './world.ts'

/** When the time comes that triggers of a journey name: what an entry `due` says. */
export interface JourneyDue {
  readonly journey: string
  readonly delay: string
  readonly due: number
}

/** When that date or inactivity lets a contact in next, strictly after `after`; undefined: never, or for all at once. */
export function dueTimeOf(
  contact: Contact,
  { delay }: JourneyTime,
  zone: string,
  after: number,
): number | undefined {
  return delay.type === 'at' ? undefined : nextOf(delay, contact, zoneOf(contact, zone), after)
}

/**
 * When dates and inactivity let a contact in next, strictly after `after`: what was over by then lets in nobody any more.
 * Asked again after every entry that changed the contact. `zone` is the workspace's.
 */
export function duesOf(
  contact: Contact,
  { times }: Catalogue,
  zone: string,
  after: number,
): readonly JourneyDue[] {
  return times.flatMap((time) => {
    const due = dueTimeOf(contact, time, zone, after)
    return due === undefined ? [] : [{ journey: time.journey, delay: time.name, due }]
  })
}

/** When all that looks back from now is looked at again: at each midnight of the workspace. Undefined where nothing does. */
export function nextLook(after: number, { looksBack }: Catalogue, zone: string): number | undefined {
  return looksBack ? nextTime(after, 0, EVERY_DAY, zone) : undefined
}

/** When schedules let in next, strictly after `after`: at one moment for all, by the clocks of the workspace. */
export function schedulesAfter(after: number, { times }: Catalogue, zone: string): readonly JourneyDue[] {
  return times.flatMap(({ journey, name, delay }) =>
    delay.type === 'at'
      ? [{ journey, delay: name, due: nextTime(after, delay.time, delay.weekdays, zone) }]
      : [],
  )
}
