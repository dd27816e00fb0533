/**
 * Makes the mail of one message: fills in the template, lets only harmless links through, puts tracked ones in their
 * place and signs everything. Pure: the same input gives the same mail, byte for byte, so that an attempt repeated is
 * the same message.
 */
import { DomUtils, parseDocument } from 'htmlparser2'
import { convert } from 'html-to-text'
import {
  mailSources,
  render,
  type EmailParams,
  type JsonObject,
  type MessageType,
} from '../../engine/index.ts'
import { textFacts, type TextSources } from './facts.ts'
import { encodeToken, messageIdHeader, type Secret } from './tokens.ts'

/** Liquid sources. Without `text` the plain text is made from the HTML. */
export interface MailTemplate {
  readonly subject: string
  readonly html: string
  readonly text?: string
}

/** The Liquid sources of a step's mail: a template by name, its blocks, or as somebody wrote them. */
export function sourcesOf(
  params: EmailParams,
  templates: { readonly [name: string]: MailTemplate },
): MailTemplate | undefined {
  if ('template' in params) return templates[params.template]
  return 'body' in params ? mailSources(params, params.messageType) : params
}

/** A finished mail. `headers` are those that arrive, unfolded and not yet encoded; MIME adds its own. */
export interface Mail {
  readonly from: string
  /** One address, or those of the team. */
  readonly to: string | readonly string[]
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly headers: { readonly [name: string]: string }
  readonly messageId: string
}

/** Where a click on a link of the message leads: for our table. */
export interface Link {
  readonly number: number
  readonly url: string
}

export type Composition =
  | { readonly ok: true; readonly mail: Mail; readonly links: readonly Link[] }
  | { readonly ok: false; readonly detail: string }

export interface MessageToCompose extends TextSources {
  /** `<enrollment>/<step>/<visit>` */
  readonly message: string
  /** For Feedback-ID, by which Gmail's Postmaster Tools tell campaigns apart; without it there is none. */
  readonly journey?: string
  readonly template: MailTemplate
  readonly messageType: MessageType
  readonly secret: Secret
  /** A mail to look at: nothing in it is ours to follow, and its way out leads to a page that says so. */
  readonly isTrial?: boolean
}

/** Where the way out of a mail to look at leads, below `/u`. */
export const TRIAL = 'test'

/** Deeper than any mail, and shallow enough for functions that call themselves. */
const DEEPEST = 200

/**
 * Composes the mail, or says why the template cannot be filled in. Templates read `contact`, the given facts, `now`,
 * `company_name`, `company_address`, `company_url` and `unsubscribe_url`.
 */
export function compose(input: MessageToCompose): Composition {
  const { message, contact, template, workspace, secret } = input
  if (contact.email === null) return { ok: false, detail: 'the contact has no e-mail address' }
  const { isTrial = false } = input
  const tracking = isTrial ? untracked(workspace.baseUrl) : trackingOf(message, workspace.baseUrl, secret)
  const facts: JsonObject = { ...textFacts(input), unsubscribe_url: tracking.unsubscribe }

  const subject = render(template.subject, facts, { escape: false })
  if (!subject.ok) return inPart('subject', subject.detail)
  const html = render(template.html, facts, { escape: true })
  if (!html.ok) return inPart('html', html.detail)
  const text = template.text === undefined ? undefined : render(template.text, facts, { escape: false })
  if (text?.ok === false) return inPart('text', text.detail)

  const document = parseDocument(html.text)
  const elements = elementsOf(document)
  if (elements === undefined) return inPart('html', `elements stand more than ${DEEPEST} deep in each other`)
  for (const element of elements) clean(element)
  for (const element of elements) trackLink(element, tracking)
  const ownText =
    text === undefined
      ? textOf(DomUtils.getOuterHTML(document, SERIALIZED))
      : trackText(text.text, template.text ?? '', workspace.companyUrl, tracking)
  if (!isTrial) addPixelAndTrap(document, tracking)

  const oneLine = inOneLine(subject.text)
  if (oneLine === '') return inPart('subject', 'it is empty once filled in')
  const messageId = messageIdHeader(message, workspace.baseUrl, secret)
  const mail: Mail = {
    from: inOneLine(workspace.mailFrom),
    to: contact.email,
    subject: oneLine,
    html: DomUtils.getOuterHTML(document, SERIALIZED),
    text: ownText,
    headers: {
      From: inOneLine(workspace.mailFrom),
      To: contact.email,
      Subject: oneLine,
      Date: new Date(input.now).toUTCString().replace('GMT', '+0000'), // RFC 5322 section 3.3
      'Message-ID': messageId,
      ...(!isTrial && unsubscribeHeaders(input.messageType, tracking.unsubscribe)),
      'Auto-Submitted': 'auto-generated', // RFC 3834 section 5: no holiday notes in answer
      ...(input.journey !== undefined && { 'Feedback-ID': feedbackId(input.journey, input) }),
    },
    messageId,
  }
  return { ok: true, mail, links: tracking.links() }
}

function inPart(part: 'subject' | 'html' | 'text', detail: string): Composition {
  return { ok: false, detail: `the ${part} cannot be made: ${detail}` }
}

/** A header is one line: whatever breaks lines or is no character becomes a blank (RFC 5322 section 2.2). */
export function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

/** One click in the mail program unsubscribes (RFC 2369, RFC 8058); a message that answers an order is no list mail. */
function unsubscribeHeaders(messageType: MessageType, url: string): { readonly [name: string]: string } {
  if (messageType === 'transactional') return {}
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}

/** Four fields, the last one the sender's own name: https://support.google.com/a/answer/6254652 */
function feedbackId(journey: string, { message, messageType }: MessageToCompose): string {
  return `${message.split('/')[1]}:${journey}:${messageType}:tidemark`
}

// ---- Tracking ----------------------------------------------------------------------------------------------------

type Tracking = {
  readonly unsubscribe: string
  readonly open: string
  readonly trap: string
  /** The tracked address in place of this one. The same address has the same number. */
  readonly click: (url: string) => string
  readonly knows: (url: string) => boolean
  readonly links: () => readonly Link[]
}

function trackingOf(message: string, baseUrl: string, secret: Secret): Tracking {
  const base = baseUrl.replace(/\/+$/, '')
  const numbers = new Map<string, number>()
  return {
    unsubscribe: `${base}/u/${encodeToken({ kind: 'unsubscribe', message }, secret)}`,
    open: `${base}/t/o/${encodeToken({ kind: 'open', message }, secret)}`,
    trap: `${base}/t/h/${encodeToken({ kind: 'trap', message }, secret)}`,
    click(url) {
      const link = numbers.get(url) ?? numbers.size + 1
      numbers.set(url, link)
      return `${base}/t/c/${encodeToken({ kind: 'click', message, link }, secret)}`
    },
    knows: (url) => numbers.has(url),
    links: () => Array.from(numbers, ([url, number]) => ({ number, url })),
  }
}

/** Every link leads where it was written to lead. */
function untracked(baseUrl: string): Tracking {
  const unsubscribe = `${baseUrl.replace(/\/+$/, '')}/u/${TRIAL}`
  return { unsubscribe, open: '', trap: '', click: (url) => url, knows: () => false, links: () => [] }
}

// ---- HTML --------------------------------------------------------------------------------------------------------

type Document = ReturnType<typeof parseDocument>
type Node = Document['children'][number]
type Element = Extract<Node, { attribs: unknown }>

const SERIALIZED = { encodeEntities: 'utf8' } as const

/** Run, loaded or leading elsewhere by themselves: no mail program shows them, and our own mailbox must not. */
const REMOVED = ['script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'base']
const LINK_ATTRIBUTES = ['href', 'xlink:href', 'action', 'formaction']
const LINK_SCHEMES = ['http:', 'https:', 'mailto:', 'tel:']
const SOURCE_ATTRIBUTES = ['src', 'background', 'poster']
const SOURCE_SCHEMES = ['http:', 'https:', 'cid:', 'data:']

/** All elements in the order of the text; undefined when they are nested too deep. Without recursion, for the same reason. */
function elementsOf(document: Document): readonly Element[] | undefined {
  const elements: Element[] = []
  const open: { readonly node: Node; readonly depth: number }[] = []
  const push = (nodes: readonly Node[], depth: number) => {
    for (const node of nodes.toReversed()) open.push({ node, depth })
  }
  push(document.children, 0)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > DEEPEST) return undefined
    if (!DomUtils.isTag(next.node)) continue
    elements.push(next.node)
    push(next.node.children, next.depth + 1)
  }
  return elements
}

/** Takes out what runs, and every address that is neither a web page, a mail address nor a telephone number. */
function clean(element: Element): void {
  const { attribs } = element
  if (REMOVED.includes(element.name) || /^refresh$/i.test(attribs['http-equiv'] ?? '')) {
    DomUtils.removeElement(element)
    return
  }
  for (const [name, value] of Object.entries(attribs)) {
    const allowed = LINK_ATTRIBUTES.includes(name)
      ? LINK_SCHEMES
      : SOURCE_ATTRIBUTES.includes(name)
        ? SOURCE_SCHEMES
        : undefined
    if (name.startsWith('on') || (allowed && !allowed.includes(parseUrl(value)?.protocol ?? '')))
      delete attribs[name]
  }
}

function trackLink({ name, attribs }: Element, tracking: Tracking): void {
  const url = parseUrl(attribs['href'] ?? '')
  if ((name !== 'a' && name !== 'area') || url === null || !url.protocol.startsWith('http')) return
  if (url.href !== tracking.unsubscribe) attribs['href'] = tracking.click(url.href)
}

/** As browsers read it: `java\nscript:` is a script to them, too. */
function parseUrl(text: string): URL | null {
  return URL.parse(text)
}

/**
 * The pixel, and the trap: a link that nobody sees, so whoever follows it follows all links. It is the last one of the
 * body, where a scanner comes to it after the others.
 */
function addPixelAndTrap(document: Document, { open, trap }: Tracking): void {
  const hidden = 'display:none;max-height:0;overflow:hidden;font-size:0;line-height:0;mso-hide:all'
  const { children } = parseDocument(
    `<img src="${open}" width="1" height="1" alt="" style="display:block;border:0">` +
      `<a href="${trap}" aria-hidden="true" tabindex="-1" style="${hidden}"></a>`,
  )
  const parent = ['body', 'html'].flatMap((name) => DomUtils.getElementsByTagName(name, document, true, 1))[0]
  for (const child of children.slice()) DomUtils.appendChild(parent ?? document, child)
}

// ---- Plain text --------------------------------------------------------------------------------------------------

const ONE_LINE = { leadingLineBreaks: 1, trailingLineBreaks: 1 }
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']

/** What the HTML says, without pictures and without what it hides (the preview text of the inbox, say). */
function textOf(html: string): string {
  return convert(html, {
    wordwrap: false, // a tracked address broken in two leads nowhere; quoted-printable keeps lines short
    selectors: [
      { selector: 'a', options: { linkBrackets: ['<', '>'], hideLinkHrefIfSameAsText: true } }, // RFC 3986 appendix C
      { selector: 'img', format: 'skip' },
      // Tables lay out mails: cells are paragraphs, not columns.
      ...['td', 'th'].map((selector) => ({ selector, format: 'block', options: ONE_LINE })),
      ...HEADINGS.map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: '[style*="display:none"]', format: 'skip' },
      { selector: '[style*="display: none"]', format: 'skip' },
    ],
  }).trim()
}

const ADDRESS = /https?:\/\/[^\s<>"']+/gi

/**
 * Tracks the links of a text somebody wrote: those the HTML leads to as well, and those whose site the template itself
 * names. What came in with a name typed into a form does not get a link of ours.
 */
function trackText(text: string, source: string, companyUrl: string, tracking: Tracking): string {
  const named = [companyUrl, ...(source.match(ADDRESS) ?? [])].map((url) =>
    originOf(url.split('{{')[0] ?? ''),
  )
  return text.replaceAll(ADDRESS, (found) => {
    const address = found.replace(/[.,;:!?)\]}*_]+$/, '')
    const url = parseUrl(address)
    if (url === null || url.href === tracking.unsubscribe) return found
    const ours = tracking.knows(url.href) || named.includes(url.origin)
    return ours ? tracking.click(url.href) + found.slice(address.length) : found
  })
}

function originOf(url: string): string | undefined {
  return parseUrl(url)?.origin
}
