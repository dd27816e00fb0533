/** The states of a journey, and what can be done with it in each. */
import type { JourneyStatus } from '../store/schema.ts'

/** From which states each change is possible. What else stands in its way, the change itself says. */
const CHANGES = {
  publish: ['draft', 'live', 'paused', 'stopped'],
  pause: ['live'],
  resume: ['paused', 'stopped'],
  stop: ['live', 'paused'],
  archive: ['draft', 'live', 'paused', 'stopped'],
  unarchive: ['archived'],
} as const satisfies { readonly [change: string]: readonly JourneyStatus[] }
export type Change = keyof typeof CHANGES

export function isAllowed(change: Change, status: JourneyStatus): boolean {
  return (CHANGES[change] as readonly JourneyStatus[]).includes(status)
}
