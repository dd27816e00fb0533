/** The open journey's store, for all parts of the page below. */
import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react'
import type { Builder, BuilderState } from './store.ts'

const BuilderContext = createContext<Builder | null>(null)

export function BuilderProvider({
  builder,
  children,
}: {
  readonly builder: Builder
  readonly children: ReactNode
}) {
  return <BuilderContext value={builder}>{children}</BuilderContext>
}

/** What can be done to the open journey. Only below a `BuilderProvider`. */
export function useBuild(): Builder {
  const builder = useContext(BuilderContext)
  if (builder === null) throw new Error('expected a BuilderProvider above')
  return builder
}

/** A part of the open journey's state; renders again only when that part is another (by identity). */
export function useBuilder<Part>(read: (state: BuilderState) => Part): Part {
  const builder = useBuild()
  return useSyncExternalStore(builder.subscribe, () => read(builder.get()))
}

/** The draft as it is now. */
export function useDraft() {
  return useBuilder(({ history }) => history.present)
}
