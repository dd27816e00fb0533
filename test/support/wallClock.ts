/**
 * What clocks on walls show, minute by minute, as Intl tells it: an oracle that knows no rule of time zones and nothing of
 * Temporal. Local times are counted in minutes since 1970 as if every day had 24 hours.
 */

const MINUTE = 60_000
const QUARTER = 15
/** As many minutes as a day has where no clock is changed. */
export const DAY_MINUTES = 1_440

export interface WallClock {
  /** What the clock shows at an instant, seconds left out. */
  readonly shows: (at: number) => number
  /** The first instant after `after` at which it is that time of day on one of the weekdays (Monday is 1). */
  readonly next: (after: number, minutes: number, weekdays: readonly number[]) => number
  /** `from`, where the clock stands within the window then, else the first instant after it at which it does. */
  readonly within: (from: number, opens: number, closes: number, weekdays: readonly number[]) => number
  /** The instant of a local time: where it is skipped by as much later, where it comes twice the first. */
  readonly instant: (local: number) => number
}

/** The clock of a zone. It is read at the first and last minute of a quarter of an hour: where both fit, so do those between. */
export function wallClock(zone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  const read = (minute: number) => {
    const [month, day, year, hour, past] = format
      .format(minute * MINUTE)
      .match(/\d+/g)!
      .map(Number)
    return Date.UTC(year!, month! - 1, day, hour, past) / MINUTE
  }
  const quarters = new Map<number, number>()
  const quarter = (index: number) => {
    const known = quarters.get(index)
    if (known !== undefined) return known
    const [start, end] = [read(index * QUARTER), read(index * QUARTER + QUARTER - 1)]
    if (end - start !== QUARTER - 1) throw new Error(`${zone} changes its clocks within a quarter of an hour`)
    quarters.set(index, start)
    return start
  }

  const shows = (at: number) => {
    const minute = Math.floor(at / MINUTE)
    const index = Math.floor(minute / QUARTER)
    return quarter(index) + minute - index * QUARTER
  }
  const instant = (local: number) => {
    // No zone is a day away from UTC.
    let before = Math.floor((local - DAY_MINUTES) / QUARTER)
    for (let index = before; index * QUARTER <= local + DAY_MINUTES; index++) {
      const past = local - quarter(index)
      if (past >= 0 && past < QUARTER) return (index * QUARTER + past) * MINUTE
      if (past > 0) before = index
    }
    return (before * QUARTER + local - quarter(before)) * MINUTE
  }
  return {
    shows,
    instant,
    next: (after, minutes, weekdays) => {
      // Yesterday's may be to come: a clock that skips a whole day moves its times to the next.
      for (let day = dayOf(shows(after)) - 1; ; day++) {
        const moment = weekdays.includes(weekdayOf(day)) ? instant(day * DAY_MINUTES + minutes) : after
        if (moment > after) return moment
      }
    },
    within: (from, opens, closes, weekdays) => {
      for (let index = Math.floor(from / MINUTE / QUARTER); ; index++) {
        const start = quarter(index)
        for (let past = 0; past < QUARTER; past++) {
          const minute = (index * QUARTER + past) * MINUTE
          if (minute + MINUTE > from && isWithin(start + past, opens, closes, weekdays))
            return Math.max(from, minute)
        }
      }
    },
  }
}

function isWithin(local: number, opens: number, closes: number, weekdays: readonly number[]): boolean {
  const [day, clock] = [dayOf(local), local - dayOf(local) * DAY_MINUTES]
  const today = weekdays.includes(weekdayOf(day))
  if (opens < closes) return today && opens <= clock && clock < closes
  return (today && opens <= clock) || (weekdays.includes(weekdayOf(day - 1)) && clock < closes)
}

function dayOf(local: number): number {
  return Math.floor(local / DAY_MINUTES)
}

/** 1 January 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return ((day + 3) % 7) + 1
}

/** The local time of a date, such as 2028, 2, 29. */
export function local(year: number, month: number, day: number, minutes = 0): number {
  return Date.UTC(year, month - 1, day) / MINUTE + minutes
}
