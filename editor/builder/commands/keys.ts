/** Keys: how they are written, which action they mean, and how they are shown. */
import { ACTIONS, type Action, type ActionName } from './actions.ts'

interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** A pressed key as the actions write it: `mod+shift+z`. `mod` is the command key of a Mac and the control key elsewhere. */
export function keyOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Pressed): string {
  const isLetter = /^[a-z]$/i.test(key)
  const parts = [
    ...(ctrlKey || metaKey ? ['mod'] : []),
    ...(altKey ? ['alt'] : []),
    // Of other signs the shift key is part already: it makes "?" of "/".
    ...(shiftKey && (isLetter || key.length > 1) ? ['shift'] : []),
    isLetter ? key.toLowerCase() : key,
  ]
  return parts.join('+')
}

/** The action that a key means; undefined for any other key. */
export function actionFor(pressed: Pressed): Action | undefined {
  const key = keyOf(pressed)
  return Object.values<Action>(ACTIONS).find(({ keys }) => keys.includes(key))
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Backspace: '⌫',
  Delete: 'Del',
  shift: 'Shift',
}

const MAC = /Mac|iP(hone|ad)/.test(navigator.userAgent)

/** A key as it stands on this keyboard, part by part: `['Ctrl', 'Shift', 'Z']`. */
export function shownKey(key: string, mac = MAC): readonly string[] {
  // A plus sign is a key, too: "mod++".
  return key
    .split(/\+(?=.)/)
    .map((part) =>
      part === 'mod'
        ? mac
          ? '⌘'
          : 'Ctrl'
        : (SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)),
    )
}

/** A key as `aria-keyshortcuts` has it: `Control+Shift+Z`. */
export function ariaKey(key: string): string {
  return shownKey(key, false).join('+').replace('Ctrl', 'Control')
}

/** All actions with keys, as the help lists them. */
export function listedActions(): readonly (readonly [ActionName, Action])[] {
  return Object.entries(ACTIONS) as [ActionName, Action][]
}
