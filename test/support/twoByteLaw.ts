// The law of journey files: a changed file either is no JSON (said with line and column), or is refused with the path
// of what is wrong, or is read with nothing of the change ignored.
import { isDeepStrictEqual } from 'node:util'
import { parseJourneyText } from '../../engine/parse.ts'
import { printJourney } from '../../engine/print.ts'
import { hasTwins, readExactly, unordered, type Exact } from './strictJson.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What became of a changed file; throws where the law is broken. */
export function lawHolds(bytes: Uint8Array): 'no UTF-8' | 'no JSON' | 'refused' | 'read' {
  const text = decoded(bytes)
  if (text === undefined) return 'no UTF-8'
  const exact = readOrUndefined(text)
  const result = parseJourneyText(text)
  if (!exact || !result.ok) return judgeRefusal(exact, result.ok ? [] : result.problems)
  demand(!hasTwins(exact), 'a name stands twice and one of them was ignored')
  const printed = printJourney(result.value)
  demand(
    isDeepStrictEqual(unordered(readExactly(printed)), unordered(exact)),
    'what is printed is not what was read',
  )
  const again = parseJourneyText(printed)
  demand(again.ok && isDeepStrictEqual(again.value, result.value), 'what is printed is read differently')
  return 'read'
}

function judgeRefusal(
  exact: Exact | undefined,
  problems: readonly { code: string; path: string; detail: string }[],
): 'no JSON' | 'refused' {
  demand(problems.length > 0, 'no JSON, but read')
  const syntax = problems.filter(({ code }) => code === 'json_syntax')
  demand(syntax.length === (exact ? 0 : 1), 'JSON or not is judged differently')
  demand(
    syntax.every(({ detail }) => /^line \d+, column \d+: expected ./.test(detail)),
    'no line and column',
  )
  demand(
    syntax.length > 0 || problems.every(({ path, detail }) => path.startsWith('/') && detail !== ''),
    'no path',
  )
  return exact ? 'refused' : 'no JSON'
}

function demand(held: boolean, what: string): void {
  if (!held) throw new Error(what)
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function readOrUndefined(text: string): Exact | undefined {
  try {
    return readExactly(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
