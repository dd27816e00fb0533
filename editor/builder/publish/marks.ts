/** How what is new, changed and gone looks; the word always stands beside it. */
import { IconPencil, IconPlus, IconTrash, type Icon } from '@tabler/icons-react'
import type { Mark } from './differences.ts'

export const MARK_LOOKS: { readonly [mark in Mark]: { readonly color: string; readonly icon: Icon } } = {
  added: { color: 'teal', icon: IconPlus },
  changed: { color: 'orange', icon: IconPencil },
  removed: { color: 'red', icon: IconTrash },
}
