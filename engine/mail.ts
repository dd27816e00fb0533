/**
 * Makes of a mail's blocks what is sent: Liquid sources of its HTML and its plain text, in the one design all mails have
 * (a test holds the shipped templates to it). Pure, and the only place that knows what a block looks like.
 *
 * Texts are escaped, their Liquid is not: `{{ … }}` stays what it is and is escaped when it is filled in.
 */
import type { MessageType } from './dialect/actions.ts'
import type { Block, MailContent } from './dialect/mail.ts'
import { addressFault, withEncodedFields } from './addresses.ts'
import { piecesOf } from './template.ts'

/** Liquid sources of a mail. */
export interface MailSources {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/**
 * The mail as a template: `compose` fills it in like any other.
 *
 * Which way it reads its letters say: the whole mail by most of them, a block that differs for itself. (Not
 * `dir="auto"`: that goes by the first letter, and a Latin name at the start would turn an Arabic sentence around. And
 * mail programs take away what stands on `<html>`.)
 */
export function mailSources(
  { subject, preview = '', body, foot = {} }: MailContent,
  messageType: MessageType,
): MailSources {
  const dir = directionOf(body.map(wordsOf).join(' ')) ?? 'ltr'
  const out = foot.unsubscribe ?? (messageType === 'transactional' ? OTHER_MAILS : 'Unsubscribe')
  const reason = foot.reason ?? ''
  const title = body.findIndex((block) => 'heading' in block)
  const elements = body.flatMap((block, index) => elementsOf(block, index === title, dir))
  const message = elements.map((element, index) => indented(element(index === elements.length - 1)))
  return {
    subject,
    html: framed({
      dir,
      title: html(subject),
      preview: html(preview),
      message: message.join('\n'),
      reason: html(reason),
      unsubscribe: html(out),
    }),
    text: [
      ...body.map(blockText).filter((part) => part !== ''),
      [
        '--',
        '{{ company_name }}, {{ company_address }}',
        ...(reason === '' ? [] : [reason]),
        `${out}: {{ unsubscribe_url }}`,
      ].join('\n'),
    ].join('\n\n'),
  }
}

/** A mail that answers an order goes to those who unsubscribed, too. */
const OTHER_MAILS = 'Unsubscribe from our other mails'

/** All that a block says to people, Liquid included. */
export function wordsOf(block: Block): string {
  if ('heading' in block) return block.heading
  if ('text' in block) return block.text
  return 'button' in block ? block.button : block.alt
}

// ---- Directions --------------------------------------------------------------------------------------------------

export type Direction = 'ltr' | 'rtl'

const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u

/** Which way most letters of a source go, its Liquid not counted; undefined where it has none. */
export function directionOf(source: string): Direction | undefined {
  const letters = piecesOf(source)
    .flatMap(({ type, text }) => (type === 'literal' ? [text] : []))
    .join('')
    .match(/\p{L}/gu)
  if (letters === null) return undefined
  return letters.filter((letter) => RIGHT_TO_LEFT.test(letter)).length * 2 > letters.length ? 'rtl' : 'ltr'
}

/** What a block says of its own direction, where it is not the mail's. Old Outlook takes the side from the style alone. */
function ownDirection(
  source: string,
  dir: Direction,
): { readonly attribute: string; readonly style: string } {
  const own = directionOf(source) ?? dir
  if (own === dir) return { attribute: '', style: '' }
  return { attribute: ` dir="${own}"`, style: `;text-align:${sideOf(own)}` }
}

function sideOf(dir: Direction): 'left' | 'right' {
  return dir === 'ltr' ? 'left' : 'right'
}

// ---- Texts: Liquid put aside, then markup, then escaped --------------------------------------------------------------

/** Liquid in a text is put aside as its number between two of these, which no document may hold. */
const MARK = '\u0000'
const MARKED = new RegExp(`${MARK}(\\d+)${MARK}`, 'g')

interface Masked {
  readonly text: string
  readonly pieces: readonly string[]
}

function masked(source: string): Masked {
  const pieces: string[] = []
  const text = piecesOf(source.replaceAll(MARK, '')).map((piece) =>
    piece.type === 'literal' ? piece.text : `${MARK}${pieces.push(piece.text) - 1}${MARK}`,
  )
  return { text: text.join(''), pieces }
}

function unmasked(text: string, pieces: readonly string[]): string {
  return text.replaceAll(MARKED, (_, index: string) => pieces[Number(index)]!)
}

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!)
}

/** A source without markup as HTML. */
function html(source: string): string {
  const { text, pieces } = masked(source)
  return unmasked(escaped(text), pieces)
}

type Part =
  | { readonly type: 'plain'; readonly text: string }
  | { readonly type: 'bold'; readonly parts: readonly Part[] }
  /** Without words of its own a link says where it leads. */
  | { readonly type: 'link'; readonly text: string | undefined; readonly url: string }

const BOLD = /\*\*(?=\S)([^\n]+?)(?<=\S)\*\*/
/** `[words](address)`; the address may have brackets in pairs. */
const LINK = /\[([^[\]\n]+)\]\(((?:[^()\s]|\([^()\s]*\))+)\)/
/** An address by itself, without what ends the sentence. */
const ADDRESS = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}*_']/
const MARKUP = new RegExp(`${BOLD.source}|${LINK.source}|(${ADDRESS.source})`, 'g')
const LINKS = new RegExp(`${LINK.source}|(${ADDRESS.source})`, 'g')

/** The addresses that a text leads to, or would if they were right. */
export function linksIn(source: string): readonly string[] {
  const { text, pieces } = masked(source)
  return Array.from(text.matchAll(LINKS), ([, , marked, alone]) => unmasked((marked ?? alone)!, pieces))
}

function partsOf(text: string, pieces: readonly string[]): readonly Part[] {
  const parts: Part[] = []
  let end = 0
  for (const found of text.matchAll(MARKUP)) {
    const [all, bold, words, marked, alone] = found
    const part =
      bold === undefined ? linkOf(words, unmasked((marked ?? alone)!, pieces)) : boldOf(bold, pieces)
    if (part === undefined) continue // stays as it was written
    parts.push({ type: 'plain', text: text.slice(end, found.index) }, part)
    end = found.index + all.length
  }
  return [...parts, { type: 'plain', text: text.slice(end) }]
}

function boldOf(text: string, pieces: readonly string[]): Part {
  return { type: 'bold', parts: partsOf(text, pieces) }
}

function linkOf(text: string | undefined, url: string): Part | undefined {
  return addressFault(url) === undefined ? { type: 'link', text, url } : undefined
}

function partHtml(part: Part): string {
  switch (part.type) {
    case 'plain':
      return escaped(part.text)
    case 'bold':
      return `<strong>${part.parts.map(partHtml).join('')}</strong>`
    case 'link': {
      const words = part.text === undefined ? html(part.url) : escaped(part.text)
      // In the colour of the text, which is right by day and by night.
      return `<a class="text" href="${href(part.url)}" style="color:#22303a;text-decoration:underline">${words}</a>`
    }
  }
}

function partText(part: Part): string {
  switch (part.type) {
    case 'plain':
      return part.text
    case 'bold':
      return part.parts.map(partText).join('')
    case 'link': {
      const url = withEncodedFields(part.url)
      return part.text === undefined ? url : `${part.text} <${url}>`
    }
  }
}

function href(url: string): string {
  return html(withEncodedFields(url))
}

/** Paragraphs of a text, Liquid put aside: what an empty line parts. */
function paragraphsOf({ text }: Masked): readonly string[] {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n\s*/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
}

// ---- Blocks ------------------------------------------------------------------------------------------------------

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const TEXT = `${FONT};font-size:16px;line-height:26px;color:#22303a`

/** A part of the card. The last one brings no space of its own below it: the card has that. */
type Element = (isLast: boolean) => string

function elementsOf(block: Block, isTitle: boolean, dir: Direction): readonly Element[] {
  if ('text' in block) return paragraphs(block.text, dir)
  if (wordsOf(block).trim() === '' && !('image' in block)) return []
  if ('heading' in block) return [heading(block.heading, isTitle, dir)]
  return ['button' in block ? button(block) : image(block)]
}

function heading(words: string, isTitle: boolean, dir: Direction): Element {
  const { attribute, style } = ownDirection(words, dir)
  const [tag, above, below, size] = isTitle
    ? ['h1', '0', '20px', 'font-size:24px;line-height:32px']
    : ['h2', '10px', '14px', 'font-size:20px;line-height:28px']
  return (isLast) =>
    `<${tag} class="title"${attribute} style="margin:${above} 0 ${isLast ? '0' : below};${FONT};${size};font-weight:600;color:#22303a${style}">${html(words)}</${tag}>`
}

function paragraphs(text: string, dir: Direction): readonly Element[] {
  const source = masked(text)
  return paragraphsOf(source).map((paragraph) => {
    const own = unmasked(paragraph, source.pieces)
    // {% if … %} around paragraphs is no paragraph itself.
    if (piecesOf(own).every(({ type, text }) => type === 'tag' || text.trim() === '')) return () => own
    const { attribute, style } = ownDirection(own, dir)
    const content = partsOf(paragraph, source.pieces).map(partHtml).join('').replaceAll('\n', '<br>')
    return (isLast) =>
      `<p class="text"${attribute} style="margin:${isLast ? '0' : '0 0 18px'};${TEXT}${style}">${unmasked(content, source.pieces)}</p>`
  })
}

function button({ button: words, url }: Extract<Block, { button: string }>): Element {
  const link = addressFault(url) === undefined ? ` href="${href(url)}"` : ''
  return (isLast) =>
    `<div class="button" style="padding:8px 0 ${isLast ? '4px' : '26px'}">
  <table role="presentation" cellpadding="0" cellspacing="0" border="0">
    <tr>
      <td align="center" bgcolor="#0b6e74" style="border-radius:4px;background-color:#0b6e74">
        <a${link} style="display:inline-block;padding:13px 26px;${FONT};font-size:16px;line-height:22px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:4px;background-color:#0b6e74">${html(words)}</a>
      </td>
    </tr>
  </table>
</div>`
}

/** As wide as it is, and never wider than the mail. Its words are shown where pictures are not. */
function image({ image: address, alt, url = '' }: Extract<Block, { image: string }>): Element {
  const source = addressFault(address, 'picture') === undefined ? ` src="${href(address)}"` : ''
  const picture = `<img class="text"${source} alt="${html(alt)}" border="0" style="display:block;max-width:100%;height:auto;border:0;border-radius:4px;${TEXT}">`
  const linked = addressFault(url) === undefined ? `<a href="${href(url)}">${picture}</a>` : picture
  return (isLast) => `<div style="padding:0 0 ${isLast ? '0' : '22px'}">${linked}</div>`
}

function blockText(block: Block): string {
  if ('heading' in block) return block.heading.trim()
  if ('text' in block) {
    const source = masked(block.text)
    const paragraphs = paragraphsOf(source).map((paragraph) =>
      unmasked(partsOf(paragraph, source.pieces).map(partText).join(''), source.pieces),
    )
    return paragraphs.join('\n\n')
  }
  if ('button' in block) return labelled(block.button, block.url)
  return block.url === undefined ? (block.alt === '' ? '' : `[${block.alt}]`) : labelled(block.alt, block.url)
}

function labelled(words: string, url: string): string {
  return addressFault(url) === undefined ? `${words}:\n${withEncodedFields(url)}` : words
}

// ---- The frame ---------------------------------------------------------------------------------------------------

function indented(element: string): string {
  return element
    .split('\n')
    .map((line) => ' '.repeat(16) + line)
    .join('\n')
}

export interface Frame {
  readonly dir: Direction
  /** Of what language the mail is, where that is known. */
  readonly lang?: string
  /** All of these are HTML with Liquid in it. */
  readonly title: string
  readonly preview: string
  readonly message: string
  readonly reason: string
  readonly unsubscribe: string
}

/** Fills the line of the inbox after the preview, which else goes on with the first words of the mail. */
const PADDING = Array.from({ length: 40 }, () => '&#8199;&#65279;&#847;').join(' ')
const HIDDEN =
  'display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;color:transparent;mso-hide:all'

/** The page around a message: head, sender, card, foot. The shipped templates are this page. */
export function framed({ dir, lang, title, preview, message, reason, unsubscribe }: Frame): string {
  const side = sideOf(dir)
  const small = `margin:0 0 6px;${FONT};font-size:13px;line-height:20px;color:#566570`
  const preheader =
    preview === ''
      ? ''
      : `
    <div class="preheader" style="${HIDDEN}">${preview}${PADDING}</div>`
  const why =
    reason === ''
      ? ''
      : `
                <p style="${small}">${reason}</p>`
  return `<!doctype html>
<html${lang === undefined ? '' : ` lang="${lang}"`} dir="${dir}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="x-apple-disable-message-reformatting">
    <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>${title}</title>
    <style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      @media (max-width: 600px) {
        .card { padding: 28px 22px !important; }
        .head, .foot { padding-left: 22px !important; padding-right: 22px !important; }
        .button a { display: block !important; text-align: center !important; }
        .button table { width: 100% !important; }
      }
      @media (prefers-color-scheme: dark) {
        body, .page { background-color: #10181f !important; }
        .card { background-color: #1a252e !important; border-color: #5cc8c4 #2b3a45 #2b3a45 !important; }
        .name, .title, .text { color: #e8eef2 !important; }
        .foot p, .foot a { color: #a9b7c1 !important; }
        .button td, .button a { background-color: #5cc8c4 !important; color: #08201f !important; }
      }
    </style>
  </head>
  <body style="margin:0;padding:0;width:100%;background-color:#eef3f5;-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%">${preheader}
    <table class="page"${dir === 'rtl' ? ' dir="rtl"' : ''} role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#eef3f5">
      <tr>
        <td align="center" style="padding:24px 12px">
          <!--[if mso]><table role="presentation" width="600" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
          <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px">
            <tr>
              <td class="head" align="${side}" style="padding:8px 36px 16px">
                <p class="name" style="margin:0;${FONT};font-size:15px;line-height:22px;font-weight:600;color:#22303a">{{ company_name }}</p>
              </td>
            </tr>
            <tr>
              <td class="card" align="${side}" style="padding:36px;background-color:#ffffff;border:1px solid #dbe4e8;border-top:4px solid #0b6e74;border-radius:6px">
                <!-- message -->
${message}
                <!-- end of message -->
              </td>
            </tr>
            <tr>
              <td class="foot" align="${side}" style="padding:20px 36px">
                <p style="${small}">{{ company_name }}, {{ company_address }}</p>${why}
                <p style="${small}"><a href="{{ unsubscribe_url }}" style="color:#566570;text-decoration:underline">${unsubscribe}</a></p>
              </td>
            </tr>
          </table>
          <!--[if mso]></td></tr></table><![endif]-->
        </td>
      </tr>
    </table>
  </body>
</html>
`
}
