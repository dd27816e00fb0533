/** What a form does to its step: every change at once, the letters of a word undone together. */
import { useMemo } from 'react'
import type { Step } from '../../../engine/index.ts'
import type { Command } from '../document/command.ts'
import { changeStep, describeStep, setParams } from '../document/commands.ts'
import { useBuild } from '../state/context.tsx'
import { mergeName } from './typed.ts'

export interface StepChange {
  /** Sets params of the step's action; `undefined` takes one away. Changes of the same `field` belong together. */
  readonly params: (field: string, params: { readonly [name: string]: unknown }) => void
  /** Changes the step itself, not where it leads. */
  readonly step: (field: string, change: (step: Step) => Step, typed?: string) => void
  readonly describe: (words: { readonly label?: string; readonly note?: string }) => void
  /** A command that stands for itself, such as one more branch, and what it did, for a screen reader. */
  readonly act: (command: Command, say?: string) => void
}

/** Everything that the form of a step may do to it. */
export function useStepChange(id: string): StepChange {
  const { apply } = useBuild()
  return useMemo(() => {
    const merged = (field: string, command: Command, typed?: unknown) =>
      void apply(command, { merge: mergeName(`${id} ${field}`, typed) })
    return {
      params: (field, params) => merged(field, setParams(id, params), Object.values(params)[0]),
      step: (field, change, typed) => merged(field, changeStep(id, change), typed),
      describe: (words) => {
        const [field = '', typed] = Object.entries(words)[0] ?? []
        merged(field, describeStep(id, words), typed)
      },
      act: (command, say) => void apply(command, say === undefined ? {} : { say }),
    }
  }, [apply, id])
}
