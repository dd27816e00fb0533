/** The saver of the open journey, for all parts of the page below. */
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { JourneyDetail } from '../../answers.ts'
import { useBuild } from '../state/context.tsx'
import { createSaver, type Saver, type SaverState } from './saver.ts'
import type { Stored } from './state.ts'

const SaverContext = createContext<Saver | null>(null)

/** Saves what is changed below, and lets in what was changed elsewhere. Only below a `BuilderProvider`. */
export function SavingProvider({
  detail,
  stored,
  children,
}: {
  readonly detail: JourneyDetail
  /** What the draft below was made from. */
  readonly stored: Stored
  readonly children: ReactNode
}) {
  const builder = useBuild()
  const [saver] = useState(() => createSaver(detail.id, builder, stored))
  useEffect(() => saver.start(), [saver])
  useEffect(() => saver.see(detail), [saver, detail])
  return <SaverContext value={saver}>{children}</SaverContext>
}

/** What can be done about saving. Only below a `SavingProvider`. */
export function useSaver(): Saver {
  const saver = useContext(SaverContext)
  if (saver === null) throw new Error('expected a SavingProvider above')
  return saver
}

/** A part of how saving stands; renders again only when that part is another (by identity). */
export function useSaving<Part>(read: (state: SaverState) => Part): Part {
  const saver = useSaver()
  return useSyncExternalStore(saver.subscribe, () => read(saver.get()))
}
