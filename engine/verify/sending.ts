/** Where a journey sends, and the installation is not ready for it: what is missing, so that mail would be lawful and its links work. */
import type { Journey } from '../journey.ts'
import { outletsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import type { Known } from './check.ts'

export function missingForSending(journey: Journey, { missing }: Known): readonly Problem[] {
  const lacking = missing ? outletsOf(journey).flatMap((outlet) => missing[outlet]) : []
  return lacking.length === 0 ? [] : [problem('cannot_send', [], lacking)]
}
