/** What is lacking or wrong in a message, at each of its fields, in the words of the page. Pure. */
import { checkMessage, parseMessage, pointer, type Path, type Problem } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import type { Params } from './content.ts'
import { fieldName, isSure, textParts } from './fields.ts'

const say: { readonly [code: string]: string } = words.mail.problems

/** All that is wrong with the params of a message; paths begin at them. */
export function messageProblems(
  type: 'sendEmail' | 'sendSms',
  params: Params,
  attributes: readonly string[] | undefined,
): readonly Problem[] {
  const parsed = parseMessage(type, params)
  return parsed.ok ? checkMessage(parsed.value, '', attributes) : parsed.problems
}

/** What is said at one field. */
export interface Reason {
  /** Why it cannot stay as it is. */
  readonly error?: string
  /** What somebody should know before it goes out. */
  readonly warning?: string
}

/** Tells what is wrong at a path; `source` is the text that stands there. */
export type ReasonAt = (path: Path, source?: string) => Reason

export function reasonsIn(problems: readonly Problem[]): ReasonAt {
  return (path, source = '') => {
    const at = pointer(path)
    const here = problems.filter((found) => found.path === at)
    const error = here.find(({ severity }) => severity === 'error')
    if (error) return { error: inWords(error, source) }
    const warnings = new Set(here.map((found) => inWords(found, source)))
    return warnings.size > 0 ? { warning: [...warnings].join(' ') } : {}
  }
}

function inWords({ code, detail }: Problem, source: string): string {
  const bare = code === 'no_fallback' ? bareFields(source) : []
  if (bare.length > 0) return words.mail.noFallback(bare)
  return say[code] ?? upper(detail)
}

/** The fields of a text of which nothing was said for those who have none, as people call them. */
function bareFields(source: string): readonly string[] {
  const names = textParts(source).flatMap((part) =>
    part.type === 'field' && part.field.fallback === undefined && !isSure(part.field.name)
      ? [upper(fieldName(part.field.name))]
      : [],
  )
  return [...new Set(names)]
}
