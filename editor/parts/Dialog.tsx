/** A dialog, shown as long as it is there. When it goes, the focus is back where it came from. */
import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useState } from 'react'

/** The caller shows it by drawing it; closing asks the caller to draw it no more. */
export function Dialog(props: Omit<ModalProps, 'opened' | 'returnFocus'>) {
  useFocusBack()
  return <Modal opened returnFocus={false} {...props} />
}

/** Mantine gives the focus back only to dialogs that are drawn before they open. */
function useFocusBack(): void {
  const [opener] = useState(() => openerOf(document.activeElement))
  useEffect(
    () => () => {
      const lost = document.activeElement === null || document.activeElement === document.body
      if (lost) opener?.focus({ preventScroll: true })
    },
    [opener],
  )
}

/** A menu goes with the choice that opened the dialog: what opened the menu stays. */
function openerOf(focused: Element | null): HTMLElement | null {
  const menu = focused?.closest('[role=menu]')
  const opener = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : focused
  return opener instanceof HTMLElement ? opener : null
}
