/**
 * Addresses that somebody wrote into a mail, Liquid and all. Where a link leads its author says and not a contact's data:
 * Liquid may stand behind the host only, and what it puts in is encoded.
 */
import { piecesOf, type Piece } from './template.ts'

/** `empty`, or no address that a mail may hold. */
export type AddressFault = 'empty' | 'no_address'

/** A web page, a mail address or a telephone number; a picture comes from the web. */
const SCHEMES = {
  link: /^(?:mailto:[^\s@]+@[^\s@]+|tel:[+\d][-\d().]+)$/i,
  picture: /^(?!)/,
} as const

/** The host, and what may follow it: nothing, or what no longer belongs to it. */
const WEB = /^https?:\/\/(\[[0-9a-f:.]+\]|[^\s/?#@{}\\:[\]]+)(?::\d{1,5})?([/?#]\S*)?$/i
const OWN_SITE = /^\{\{-?\s*(?:company_url|unsubscribe_url)\s*-?\}\}$/

/**
 * What is wrong with an address, or undefined. The site of the company may stand at its beginning as Liquid.
 *
 *     addressFault('https://shop.eu/{{ event.product }}') // undefined
 *     addressFault('https://{{ contact.SITE }}/')         // 'no_address'
 */
export function addressFault(source: string, kind: keyof typeof SCHEMES = 'link'): AddressFault | undefined {
  const [first, ...rest] = piecesOf(source.trim())
  if (first === undefined) return 'empty'
  if (first.type === 'output') return OWN_SITE.test(first.text) && goesOn(rest) ? undefined : 'no_address'
  if (SCHEMES[kind].test(source.trim())) return undefined
  const web = first.type === 'literal' ? WEB.exec(first.text) : null
  const isWhole = rest.length === 0 || web?.[2] !== undefined
  return web && isWhole && rest.every(isUnbroken) ? undefined : 'no_address'
}

/** Whether what follows a site leads to a page of it, and not to another site. */
function goesOn(rest: readonly Piece[]): boolean {
  return rest.length === 0 || (/^[/?#]/.test(rest[0]!.text) && rest.every(isUnbroken))
}

function isUnbroken({ type, text }: Piece): boolean {
  return type !== 'literal' || !/\s/.test(text)
}

/** Names and numbers of this computer and of private networks: nobody else gets there. */
const PRIVATE_HOST =
  /^(?:localhost|.*\.(?:localhost|local|internal|lan|home|corp)|[^.[]+|0\.0\.0\.0|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|169\.254\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|\[(?:::1?|f[cd][0-9a-f]{2}:.*|fe80:.*)\])\.?$/i

/** Whether an address leads to this computer or into a private network, so that no reader of a mail gets there. */
export function isPrivateAddress(source: string): boolean {
  const host = WEB.exec(piecesOf(source.trim())[0]?.text ?? '')?.[1]
  return host !== undefined && PRIVATE_HOST.test(host)
}

const ENCODED = /\|\s*(?:url_encode|url_escape|uri_escape|cgi_escape|raw)\b/

/** The address with what Liquid puts into it encoded, so that a blank or an `&` stays part of the value. */
export function withEncodedFields(source: string): string {
  return piecesOf(source.trim())
    .map(({ type, text }) =>
      type !== 'output' || OWN_SITE.test(text) || ENCODED.test(text)
        ? text
        : text.replace(/\s*(-?\}\})$/, ' | url_encode | replace: "+", "%20" $1'),
    )
    .join('')
}
