/** What an update does, as its form asks for it: one of five changes, with an amount and limits. Pure. */
import type { UpdateParams } from '../../../engine/index.ts'

export const CHANGES = ['add', 'subtract', 'set', 'multiply', 'clear'] as const
export type Change = (typeof CHANGES)[number]

/** Params of a draft: each may be anything that was typed. */
export type DraftUpdate = { readonly [Name in keyof UpdateParams]?: unknown }

/** Which of the changes an update makes; adding, where it names none. */
export function changeOf(params: DraftUpdate): Change {
  return CHANGES.find((change) => params[change] !== undefined) ?? 'add'
}

/** The params that make it another change: the amount is taken along where both have one, a cap only where points are added. */
export function changedTo(params: DraftUpdate, change: Change): DraftUpdate {
  const before = params[changeOf(params)]
  const hasAmount = typeof before === 'number' || (typeof before === 'object' && before !== null)
  const amounts = {
    add: hasAmount ? before : 10,
    subtract: hasAmount ? before : 10,
    set: hasAmount ? before : 0,
    multiply: 0.5,
    clear: true,
  }
  const cap = change === 'add' ? params.cap : undefined
  return { ...Object.fromEntries(CHANGES.map((each) => [each, undefined])), cap, [change]: amounts[change] }
}

/** What an amount is made of: a number (or what was typed for one), or so many times a property of the event. */
export const SOURCES = ['number', 'event', 'text', 'yes', 'no'] as const
export type Source = (typeof SOURCES)[number]

export function sourceOf(amount: unknown): Source {
  if (typeof amount === 'object' && amount !== null) return 'event'
  if (typeof amount === 'boolean') return amount ? 'yes' : 'no'
  return typeof amount === 'string' ? 'text' : 'number'
}

/** An amount of another source. */
export function amountFrom(source: Source, before: unknown): unknown {
  switch (source) {
    case 'number':
      return typeof before === 'number' ? before : 10
    case 'event':
      return { event: '' }
    case 'text':
      return ''
    case 'yes':
    case 'no':
      return source === 'yes'
  }
}

/** What a cap counts over. */
export const CAP_SPANS = ['time', 'emails', 'ever'] as const
export type CapSpan = (typeof CAP_SPANS)[number]

/** Over what a cap counts, and how many e-mails that are, as far as it can be told. */
export function capSpanOf(per: string): CapSpan {
  if (per === 'ever') return 'ever'
  return per.endsWith(' emails') ? 'emails' : 'time'
}
