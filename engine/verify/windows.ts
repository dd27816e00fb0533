/** Two windows that are waited for one after the other and are never open together: only the second one counts. */
import { momentInWords, parseDelay, type Delay } from '../delays.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, kindOf, stepsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'

type Window = Extract<Delay, { type: 'between' }>

export function windowsApart(journey: Journey): readonly Problem[] {
  return stepsOf(journey).flatMap(([id]) => {
    const first = windowOf(journey, id)
    const second = first && windowOf(journey, first.next)
    return !first || !second || meet(first.window, second.window)
      ? []
      : [
          problem(
            'windows_apart',
            ['states', first.next, 'after', second.name],
            momentInWords(first.window),
            momentInWords(second.window),
          ),
        ]
  })
}

function windowOf({ states }: Journey, id: string) {
  const step = states[id]!
  if (kindOf(step) !== 'wait') return undefined
  const [name, way] = Object.entries(step.after!)[0]!
  const window = parseDelay(name)!
  return window.type === 'between' ? { name, window, next: branchesOf(way)[0]!.target } : undefined
}

const DAY = 24 * 60
const WEEK = 7 * DAY

/** Whether both are open in some minute of the week. */
function meet(a: Window, b: Window): boolean {
  return openings(a).some((one) =>
    openings(b).some((other) => {
      const ahead = (other.from - one.from + WEEK) % WEEK
      return ahead < one.length || WEEK - ahead < other.length
    }),
  )
}

/** When it opens in the week, in minutes, and for how long. */
function openings({ opens, closes, weekdays }: Window) {
  const length = (closes - opens + DAY) % DAY
  return weekdays.map((day) => ({ from: (day - 1) * DAY + opens, length }))
}
