/**
 * A mail as it may be shown: its own document in a frame that runs nothing. Links in the frame must lead nowhere (they
 * would replace the mail by a blocked page), so they are listed beside it.
 */

export interface MailLink {
  readonly text: string
  readonly href: string
}

/** The mail's document with all links asking for a new window, which the frame's sandbox refuses. */
export function framed(html: string): string {
  const base = '<base target="_blank">'
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + base) : base + html
}

/** The mail as a program shows it by day or by night, whatever this browser prefers itself. */
export function inScheme(html: string, scheme: 'light' | 'dark'): string {
  return html.replaceAll(/\(\s*prefers-color-scheme:\s*(light|dark)\s*\)/g, (_, asked: string) =>
    asked === scheme ? '(min-width: 0)' : '(max-width: 0)',
  )
}

/** The links a person sees in the mail, each address once; only web addresses, and nothing that is hidden from people. */
export function linksOf(html: string): readonly MailLink[] {
  const anchors = [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('a[href]')]
  const links = anchors.flatMap((anchor) => {
    const href = anchor.getAttribute('href') ?? ''
    const text = anchor.textContent.trim()
    const shown = /^https?:\/\//i.test(href) && text !== '' && anchor.getAttribute('aria-hidden') !== 'true'
    return shown ? [{ href, text }] : []
  })
  return links.filter(({ href }, index) => links.findIndex((link) => link.href === href) === index)
}
