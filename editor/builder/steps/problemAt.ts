/** What is wrong with one field. */
import { createContext, useContext } from 'react'
import { pointer, type Path, type Problem } from '../../../engine/index.ts'
import { upper } from '../../words/say.ts'
import { useBuilder } from '../state/context.tsx'
import { isOfForm, neededAt } from './needed.ts'

/** All that is wrong with the draft, for the fields below. */
export const FieldProblems = createContext<readonly Problem[]>([])

/** Whether a path leads into a step that is being filled in for the first time: what is missing in it is not said yet. */
export function useIsFresh([part, id]: Path): boolean {
  return useBuilder(({ fresh }) => part === 'states' && fresh.has(String(id)))
}

/**
 * Tells what is wrong at a path below the form's own, or deeper than that, as a sentence; undefined where nothing is, and
 * for a step that is being filled in for the first time. With `exactly`, what is deeper is somebody else's. `needed` says
 * what the field needs, where that depends on more than the path.
 */
export function useProblemAt(
  base: Path,
  how?: 'exactly',
  needed?: string,
): (...path: Path) => string | undefined {
  const problems = useContext(FieldProblems)
  const isFresh = useIsFresh(base)
  return (...path) => {
    const at = pointer([...base, ...path])
    const found = problems.find(
      ({ path, severity }) =>
        severity === 'error' && (path === at || (how !== 'exactly' && path.startsWith(`${at}/`))),
    )
    if (found === undefined || isFresh) return undefined
    return isOfForm(found) ? (needed ?? neededAt(found)) : upper(found.detail)
  }
}
