/**
 * Whom webhooks may call: the public Internet, and of private networks what the operator allows (WEBHOOK_ALLOW). A URL
 * comes from whoever writes journeys, its parts from contacts, and a name's addresses from whoever runs its DNS; none of
 * them may reach what stands behind the firewall with us.
 */
import { lookup as lookupName, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The address is one that webhooks must not call: no fault that passes. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

export interface Reach {
  /** Why this URL must not be called, as a sentence; undefined where it may. What a name leads to, only `lookup` sees. */
  readonly refusal: (url: URL) => string | undefined
  /**
   * For `net.connect`: looks a name up and hands on the very addresses that it has checked, so that a name cannot lead
   * elsewhere in between (DNS rebinding). Addresses written as such never come by here: Node asks only for names.
   */
  readonly lookup: LookupFunction
}

/** Looks up a name as `dns.lookup` does with `all: true`. */
export type Resolver = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** `allow`: hosts, addresses and networks, as `readConfig` lets them through. */
export function reachOf(allow: readonly string[], resolve: Resolver = lookupName): Reach {
  const hosts = new Set(allow.filter((entry) => isIP(entry.split('/')[0] ?? '') === 0).map(nameOf))
  const networks = allow.filter((entry) => isIP(entry.split('/')[0] ?? '') !== 0).map(networkOf)
  const allowsAddress = (text: string) => {
    const address = ipaddr.process(text)
    return networks.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))
  }
  const mayReach = (host: string, address: string) =>
    hosts.has(nameOf(host)) || isPublic(address) || allowsAddress(address)

  return {
    refusal(url) {
      if (url.protocol !== 'https:' && url.protocol !== 'http:')
        return `webhooks go to http and https addresses only, not to "${url.protocol}"`
      if (url.username !== '' || url.password !== '')
        return 'the address holds a user name or password: they belong into a header'
      const host = url.hostname.replaceAll(/^\[|\]$/g, '') // URL has written 0x7f.1 and 2130706433 as 127.0.0.1 by now
      const isAddress = isIP(host) !== 0
      const isAllowed = hosts.has(nameOf(host)) || (isAddress && allowsAddress(host))
      if (isAllowed) return undefined
      if (isAddress && !isPublic(host)) return refusalOf(host, host)
      return isUsualPort(url)
        ? undefined
        : `port ${url.port} is kept for services that are no web server (WEBHOOK_ALLOW may name the host)`
    },
    lookup(hostname, options, done) {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, [])
        // One private address among public ones is no slip: it would be tried next.
        const refused = addresses.find(({ address }) => !mayReach(hostname, address))
        if (refused) return done(new AddressRefused(refusalOf(hostname, refused.address)), [])
        const [first] = addresses
        if (options.all || !first) return done(null, addresses)
        return done(null, first.address, first.family)
      })
    },
  }
}

function refusalOf(host: string, address: string): string {
  const shown = host === address ? host : `${host} (${address})`
  return `${shown} is not on the public Internet: name it in WEBHOOK_ALLOW if webhooks may call it`
}

/** Host names are the same in capitals and with a dot at the end. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

type Network = readonly [base: ipaddr.IPv4 | ipaddr.IPv6, bits: number]

function networkOf(entry: string): Network {
  const [address = '', bits] = entry.split('/')
  const base = ipaddr.parse(address)
  return [base, bits === undefined ? base.toByteArray().length * 8 : Number(bits)]
}

/** The part of IPv6 that is given out: all else, `::7f00:1` included, leads somewhere special (RFC 4291 section 2.4). */
const GLOBAL_IPV6 = ipaddr.IPv6.parse('2000::')
/** Public by its number, and answers only inside Azure, with the machine's own secrets. */
const AZURE = '168.63.129.16'

function isPublic(text: string): boolean {
  const address = ipaddr.process(text) // ::ffff:127.0.0.1 is 127.0.0.1
  if (address.range() !== 'unicast' || address.toString() === AZURE) return false
  return address.kind() === 'ipv4' || address.match(GLOBAL_IPV6, 3)
}

/** Of the ports below 1024 only those of the web: no webhook talks to a mail server or a shell. */
function isUsualPort({ port }: URL): boolean {
  return port === '' || port === '80' || port === '443' || Number(port) >= 1024
}
