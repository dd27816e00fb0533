/** The address bar as the page's state: history paths, so that every view can be linked, reloaded and gone back to. */
import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react'

const listeners = new Set<() => void>()

/** Goes to a path of the page; `replace` leaves no trace in the history (a search being typed). */
export function navigate(path: string, { replace = false } = {}): void {
  window.history[replace ? 'replaceState' : 'pushState'](null, '', path)
  if (!replace) window.scrollTo(0, 0)
  for (const listener of listeners) listener()
}

export interface Place {
  /** `/contacts/42` as `['contacts', '42']`, decoded. */
  readonly path: readonly string[]
  readonly search: URLSearchParams
}

/** Where the person is; renders again when that changes. */
export function usePlace(): Place {
  const address = useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search)
  return placeOf(address)
}

/** Reads an address; a part that is no valid percent-encoding stays as it is written. */
export function placeOf(address: string): Place {
  const [pathname = '', search = ''] = address.split('?', 2)
  return { path: pathname.split('/').filter(Boolean).map(decode), search: new URLSearchParams(search) }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

/** The path of one journey, contact or message. */
export function pathTo(page: 'journeys' | 'contacts' | 'mailbox', id: string): string {
  return `/${page}/${encodeURIComponent(id)}`
}

/** A real link, so that it can be opened in a new tab; a plain click stays in the page. */
export function Link({
  href,
  onClick,
  ...props
}: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }) {
  function follow(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event)
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return
    event.preventDefault()
    navigate(href)
  }
  return <a {...props} href={href} onClick={follow} />
}
