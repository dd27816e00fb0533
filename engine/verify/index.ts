/**
 * What a journey would not do as it was meant, found before it is published. Errors stop publication, warnings are to
 * be read. A check is one file; adding one means adding it here.
 */
import type { Journey } from '../journey.ts'
import { byPath, type Problem } from '../problem.ts'
import { bandListsAdded } from './bandLists.ts'
import { bandsThatDoNotMeet } from './bands.ts'
import { waysBehindEndings } from './behindEndings.ts'
import { unreachableBranches } from './branches.ts'
import type { Check, Known } from './check.ts'
import { endlessCircles } from './circles.ts'
import { scoresLoweredTwice } from './decays.ts'
import { endlessLoops } from './endlessLoops.ts'
import { goalsInPassing } from './goal.ts'
import { unfinishedMessages } from './mails.ts'
import { unlimitedMessages } from './messages.ts'
import { unknownNames } from './names.ts'
import { parallelPassages } from './parallel.ts'
import { neverReceived } from './received.ts'
import { mailsOnADay } from './sameDay.ts'
import { missingForSending } from './sending.ts'
import { shortWaits } from './shortWaits.ts'
import { missingTimeOuts } from './timeOuts.ts'
import { timesThatFail } from './times.ts'
import { messagesTogether } from './together.ts'
import { unreachableSteps } from './unreachable.ts'
import { windowsApart } from './windows.ts'

export type { Known } from './check.ts'

const CHECKS: readonly Check[] = [
  unreachableSteps,
  unreachableBranches,
  waysBehindEndings,
  bandsThatDoNotMeet,
  bandListsAdded,
  endlessLoops,
  missingTimeOuts,
  unknownNames,
  endlessCircles,
  goalsInPassing,
  unlimitedMessages,
  messagesTogether,
  shortWaits,
  windowsApart,
  mailsOnADay,
  neverReceived,
  missingForSending,
  parallelPassages,
  scoresLoweredTwice,
  timesThatFail,
  unfinishedMessages,
]

/** All problems of a parsed journey among what else there is, by path. With only warnings it may be published. */
export function checkJourney(journey: Journey, known: Known): readonly Problem[] {
  return byPath(CHECKS.flatMap((check) => check(journey, known)))
}
