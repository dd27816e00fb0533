/**
 * What publications and ends do with many people, in bounded turns: those inside are taken along, leave or come back, those
 * who match already are let in, and what a pause held back is tried. Rows say what is left, so that a killed process goes
 * on where it was; each person is dealt with in one transaction, and once, whichever process does it.
 */
import type { Database } from '../store/database.ts'
import { nextHeldAt } from '../store/heldEntries.ts'
import { dueWork, nextWorkAt, type JourneyWork } from '../store/journeyWork.ts'
import { forgetPassages } from '../store/takenPassages.ts'
import { settleHeld } from './inside/held.ts'
import { letInAll } from './inside/letIn.ts'
import { done, PAGE, type InsideDeps, type Pace } from './inside/people.ts'
import { takeAlong } from './inside/takeAlong.ts'
import { takeBack } from './inside/takeBack.ts'

/** When there is something to do; undefined where nothing is left. */
export async function nextInsideAt({ read }: Database): Promise<number | undefined> {
  const times = [await nextWorkAt(read), await nextHeldAt(read)].filter((at) => at !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Does what is due, oldest first, until nothing is left or it is told to stop. */
export async function carryOn(deps: InsideDeps, pace: Pace): Promise<void> {
  for (const work of await dueWork(deps.database.read, pace.now())) {
    await WORK[work.kind](deps, work, pace)
    if (pace.stopping()) return
  }
  await settleHeld(deps, pace)
}

/** Turns that a call does at once, so that what concerns few people is done when it answers. */
const FIRST_TURNS = 16

/** Begins what was asked for one journey; the worker does the rest. */
export async function begin(deps: InsideDeps, journey: string, now: () => number): Promise<void> {
  let turns = 0
  const pace = { now, stopping: () => ++turns >= FIRST_TURNS }
  for (const work of await dueWork(deps.database.read, now())) {
    if (work.journey === journey && turns < FIRST_TURNS) await WORK[work.kind](deps, work, pace)
  }
}

const WORK: {
  readonly [kind in JourneyWork['kind']]: (deps: InsideDeps, work: JourneyWork, pace: Pace) => Promise<void>
} = {
  move: takeAlong,
  leave: takeAlong,
  return: takeBack,
  letIn: letInAll,
  settle: async (deps, work, { stopping }) => {
    const { journey, version } = work
    while (await deps.turns.run((tx) => forgetPassages(tx, journey, version, { most: PAGE })))
      if (stopping()) return
    await done(deps, work)
  },
}
