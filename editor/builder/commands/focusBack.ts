/** Where the focus goes when what had it is closed. */

/**
 * To what is selected now in the drawing or outline that somebody came from, as soon as that is drawn; else to where they
 * were. It stays where it is once somebody has gone on, and a dialog that is open by then keeps it.
 */
export function focusBack(from: Element | null, selected: () => string | undefined): void {
  // The outline makes room for a form, and the drawing stays.
  const region =
    from?.isConnected === false ? document.querySelector('[data-keys]') : from?.closest('[data-keys]')
  const left = document.activeElement
  let frames = 30
  requestAnimationFrame(function look() {
    const id = selected()
    const item = id === undefined ? null : itemIn(region, id)
    const { activeElement, body } = document
    if (![body, from, left].includes(activeElement) || isDialogOpen()) return
    if (item) item.focus({ preventScroll: true })
    else if (id !== undefined && region && --frames > 0) requestAnimationFrame(look)
    else if (from instanceof HTMLElement) from.focus({ preventScroll: true })
  })
}

function isDialogOpen(): boolean {
  return document.querySelector('[role=dialog][aria-modal=true]') !== null
}

function itemIn(region: Element | null | undefined, id: string): HTMLElement | null {
  const name = CSS.escape(id)
  return (
    region?.querySelector<HTMLElement>(
      `[data-step="${name}"], [data-card="${name}"], [data-part="${name}"]`,
    ) ?? null
  )
}
