/** When a message that could not be handed over is tried again (design section 6). */

const MINUTE = 60_000
const LONGEST = 4 * 60 * MINUTE
/** RFC 5321 section 4.5.4.1 asks for days; a marketing message that is a day late had better not come. */
const ALL = 24 * 60 * MINUTE

/**
 * How long to wait after the given attempt (1 is the first): one minute, doubling up to four hours. The last try is 24
 * hours after the first; after that one: `give_up`.
 */
export function retryDelay(attempt: number): number | 'give_up' {
  const waited = sum(attempt - 1)
  return waited >= ALL ? 'give_up' : Math.min(stepAfter(attempt), ALL - waited)
}

function sum(attempts: number): number {
  let waited = 0
  for (let attempt = 1; attempt <= attempts && waited < ALL; attempt++) waited += stepAfter(attempt)
  return waited
}

function stepAfter(attempt: number): number {
  return Math.min(MINUTE * 2 ** (attempt - 1), LONGEST)
}
