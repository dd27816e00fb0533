/**
 * Whether a program, not the person, opened or clicked. What the list does not know, the trap link finds out: it stands
 * last in the body and nobody sees it (design section 6).
 */
import scanners from './scanners.json' with { type: 'json' }

/** A request as it came in; header names in lower case. */
export interface TrackedRequest {
  readonly method: string
  readonly headers: { readonly [name: string]: string | undefined }
}

const USER_AGENTS = scanners.userAgents.map(({ match }) => match.toLowerCase())

/**
 * True for a HEAD, for a page loaded ahead in case somebody wants it, and for the programs in `scanners.json`. A missing
 * User-Agent proves nothing: some people's browsers hide it.
 */
export function isMachineClick({ method, headers }: TrackedRequest): boolean {
  if (method.toUpperCase() === 'HEAD') return true
  if (scanners.prefetch.some(({ header, match }) => headers[header]?.toLowerCase().includes(match)))
    return true
  const userAgent = headers['user-agent']?.toLowerCase() ?? ''
  return USER_AGENTS.some((name) => userAgent.includes(name))
}
