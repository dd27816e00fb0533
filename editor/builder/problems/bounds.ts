/** Ranges of one number in the branches of a condition, moved so that they meet. Pure. */
import { branchesOf, partsOf, whenOf, type Condition, type Path } from '../../../engine/index.ts'
import type { Command } from '../document/command.ts'
import { setCondition } from '../document/commands.ts'
import type { Draft } from '../document/draft.ts'

type Sign = '<' | '<=' | '>' | '>='

/** One end of a range: where it stands in its condition, and what it says of which number. */
interface Bound {
  readonly keys: Path
  readonly number: string
  readonly sign: Sign
  readonly value: number
}

/** Wider gaps are not told: see the engine's `verify/bands.ts`. */
const WIDEST = 2

/** The range below this branch goes on up to where this one begins. Undefined where that is not plain. */
export function gapClosed(draft: Draft, id: string, index: number): Command | undefined {
  const lower = boundsOf(draft, id, index).find(isLower)
  if (!lower) return undefined
  const below = branchIndexes(draft, id)
    .filter((other) => other !== index)
    .flatMap((other) => boundsOf(draft, id, other).map((bound) => ({ other, bound })))
    .filter(({ bound }) => !isLower(bound) && bound.number === lower.number && bound.value <= lower.value)
    .toSorted((a, b) => b.bound.value - a.bound.value)[0]
  return below === undefined || lower.value - below.bound.value > WIDEST
    ? undefined
    : withBound(draft, id, below.other, below.bound, upTo(lower))
}

/** This branch keeps only what no branch before it takes. Undefined where that is not plain. */
export function overlapParted(draft: Draft, id: string, index: number): Command | undefined {
  const own = boundsOf(draft, id, index)
  const [ownLower, ownUpper] = [own.find(isLower), own.find((bound) => !isLower(bound))]
  for (const other of branchIndexes(draft, id).filter((each) => each < index)) {
    const theirs = boundsOf(draft, id, other).filter(({ number }) => number === own[0]?.number)
    const [lower, upper] = [theirs.find(isLower), theirs.find((bound) => !isLower(bound))]
    if ((lower?.value ?? -Infinity) < (ownLower?.value ?? -Infinity)) {
      if (ownLower && upper && ownLower.value <= upper.value)
        return withBound(draft, id, index, ownLower, from(upper))
    } else if (ownUpper && lower && lower.value <= ownUpper.value)
      return withBound(draft, id, index, ownUpper, upTo(lower))
  }
  return undefined
}

function branchIndexes(draft: Draft, id: string): readonly number[] {
  return branchesOf(draft.states[id]?.always).map((_, index) => index)
}

/** The ends that a branch names by itself or in a row of conditions that all hold. */
function boundsOf(draft: Draft, id: string, index: number): readonly Bound[] {
  const branch = branchesOf(draft.states[id]?.always)[index]
  const when = branch && whenOf(branch)
  return when === undefined
    ? []
    : partsOf(when).flatMap(({ path, when: part }) => {
        const isPlain = path.every((key) => key === 'all' || typeof key === 'number')
        if (!isPlain || !('operator' in part) || typeof part.value !== 'number') return []
        const sign = (['<', '<=', '>', '>='] as const).find((each) => each === part.operator)
        const { operator: _operator, value, ...number } = part
        return sign === undefined ? [] : [{ keys: path, number: JSON.stringify(number), sign, value }]
      })
}

function isLower({ sign }: Bound): boolean {
  return sign === '>' || sign === '>='
}

/** The upper end that meets this lower one. */
function upTo({ sign, value }: Bound) {
  return { operator: sign === '>=' ? '<' : '<=', value } as const
}

/** The lower end that meets this upper one. */
function from({ sign, value }: Bound) {
  return { operator: sign === '<=' ? '>' : '>=', value } as const
}

function withBound(
  draft: Draft,
  id: string,
  index: number,
  { keys }: Bound,
  bound: { readonly operator: Sign; readonly value: number },
): Command | undefined {
  const branch = branchesOf(draft.states[id]?.always)[index]
  const when = branch && whenOf(branch)
  return when === undefined ? undefined : setCondition(id, ['always', index], changed(when, keys, bound))
}

function changed(when: Condition, [key, ...rest]: Path, bound: object): Condition {
  if (key === undefined || !('all' in when)) return { ...when, ...bound }
  const [index, ...inner] = rest
  return { all: when.all.map((part, place) => (place === index ? changed(part, inner, bound) : part)) }
}
