/** Times for people: how long ago by the server's clock (which a sandbox may have moved), with the exact time as title. */
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import { useStatus } from '../queries.ts'
import { words } from '../words.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
]
const counted = new Intl.RelativeTimeFormat('en')
const named = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const LONG: readonly string[] = ['year', 'month', 'week']
const TICK = 10 * SECOND

/** "2 minutes ago", "in 3 days", "just now". */
export function agoInWords(at: number, now: number): string {
  const distance = at - now
  // Two of a unit at least, so that five weeks are not "last month"; but a day has a name, and an hour is one.
  const unit = UNITS.find(([name, length]) => Math.abs(distance) >= (LONG.includes(name) ? 2 : 1) * length)
  if (unit === undefined) return words.justNow
  const [name, length] = unit
  return (name === 'day' ? named : counted).format(Math.round(distance / length), name)
}

/** "3 May 2026, 14:05:09" in the reader's zone. */
export function exactTime(at: string | number): string {
  return exact.format(new Date(at))
}

/** "May 3, 2026". */
export function dayOf(at: string | number): string {
  return day.format(new Date(at))
}

/** "3 May". */
export function shortDayOf(at: string | number): string {
  return shortDay.format(new Date(at))
}

const Now = createContext(Date.now())

/** The clock of the server for all below it. */
export function Clock({ children }: { readonly children: ReactNode }) {
  const { data, dataUpdatedAt } = useStatus()
  const [own, setOwn] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setOwn(Date.now()), TICK)
    return () => clearInterval(timer)
  }, [])
  const ahead = data ? Date.parse(data.now) - dataUpdatedAt : 0
  // Rounded to the tick, so that the answers of the server do not draw every time anew.
  const now = Math.ceil((Math.max(own, dataUpdatedAt) + ahead) / TICK) * TICK
  return <Now value={now}>{children}</Now>
}

export function useNow(): number {
  return useContext(Now)
}

/** How long ago, or when it will be. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={exactTime(at)}>
      {agoInWords(Date.parse(at), now)}
    </time>
  )
}
