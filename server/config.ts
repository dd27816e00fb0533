/** The environment, read once at start: a typed `Config`, or all that is wrong with it at once, in plain words. */
import { BlockList, isIP } from 'node:net'
import { unescape } from 'node:querystring'
import { isZone, parseDuration, plus, type Outlet } from '../engine/index.ts'

/** What becomes of a message of which nobody knows whether it arrived: a person decides, or it goes out again. */
export const ON_UNCERTAIN = ['hold', 'resend'] as const
export type OnUncertain = (typeof ON_UNCERTAIN)[number]

export interface Config {
  /** 0: any free one. */
  readonly port: number
  readonly host: string
  /** A path, relative to the working directory, or `:memory:`; or the address of a PostgreSQL database. */
  readonly database:
    | { readonly type: 'sqlite'; readonly file: string }
    | { readonly type: 'postgres'; readonly url: string }
  /** Without a slash at the end; null: where the server listens (`localAddress`). */
  readonly baseUrl: string | null
  /** Null: mail is captured. */
  readonly smtpUrl: string | null
  /** The account at the provider. Null: SMS are captured. */
  readonly sms: SmsAccount | null
  readonly mailFrom: string
  /** Null: made at the first start. */
  readonly writeKey: string | null
  readonly apiKey: string | null
  /** Messages are captured whatever else is set, and the clock can be moved. */
  readonly sandbox: boolean
  readonly timezone: string
  /** Milliseconds after which an event is late. */
  readonly lateAfter: number
  readonly onUncertain: OnUncertain
  /** Private hosts, addresses and networks that webhooks may call. */
  readonly webhookAllow: readonly string[]
  readonly companyName: string
  readonly companyAddress: string
  /** Null: as `baseUrl`. */
  readonly companyUrl: string | null
  /** Why real messages must not go out yet, each a sentence: journeys that send them are then not published. Empty where they are captured. */
  readonly missingForSending: { readonly [outlet in Outlet]: readonly string[] }
}

/** SMS_URL, taken apart. */
export interface SmsAccount {
  /** `https://api.twilio.com` */
  readonly origin: string
  readonly sid: string
  readonly token: string
  /** A number, a name of letters, or a messaging service (`MG…`). */
  readonly from: string | null
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] }

export interface Environment {
  readonly [name: string]: string | undefined
}

/** Reads the environment. Pure: opens and looks up nothing. A variable set to nothing counts as not set. */
export function readConfig(env: Environment): ConfigResult {
  const problems: string[] = []
  /** The value as `read` takes it; without one, or with one that it refuses (told in `problems`), the fallback. */
  function setting<Value>(
    name: string,
    expected: string,
    read: (text: string) => Value | undefined,
    fallback: Value,
  ): Value {
    const text = textOf(env, name)
    if (text === undefined) return fallback
    const value = read(text)
    if (value === undefined) problems.push(`${name}: expected ${expected}, got ${shown(name, text)}`)
    return value ?? fallback
  }

  const smtpUrl = setting(
    'SMTP_URL',
    'an address such as "smtp://user:password@mail.example.org:587"',
    readSmtpUrl,
    null,
  )
  const sms = setting('SMS_URL', SMS_EXPECTED, readSmsUrl, null)
  const baseUrl = setting('BASE_URL', 'an address such as "https://go.example.org"', readWebUrl, null)
  const companyName = setting('COMPANY_NAME', 'one line of text', readLine, DEFAULT_COMPANY)
  const config = {
    port: setting('PORT', 'a number from 0 to 65535', readPort, 3000),
    host: setting('HOST', 'an address or name of this machine such as "127.0.0.1"', readHost, '127.0.0.1'),
    database: setting('DATABASE_URL', DATABASE_EXPECTED, readDatabase, DEFAULT_DATABASE),
    baseUrl,
    smtpUrl,
    sms,
    mailFrom: setting(
      'MAIL_FROM',
      'an address such as "Acme <hello@acme.org>"',
      readMailFrom,
      defaultFrom(companyName),
    ),
    writeKey: setting('TIDEMARK_WRITE_KEY', KEY_EXPECTED, readKey, null),
    apiKey: setting('TIDEMARK_API_KEY', KEY_EXPECTED, readKey, null),
    sandbox: setting('TIDEMARK_SANDBOX', '"1" for yes or "0" for no', readYesNo, false),
    timezone: setting(
      'TIMEZONE',
      'a time zone such as "Europe/Paris"',
      (text) => (isZone(text) ? text : undefined),
      'UTC',
    ),
    lateAfter: setting('LATE_AFTER', 'a duration such as "PT24H"', readDuration, 24 * 3_600_000),
    onUncertain: setting(
      'DELIVERY_ON_UNCERTAIN',
      '"hold" or "resend"',
      (text) => ON_UNCERTAIN.find((choice) => choice === text),
      'hold',
    ),
    webhookAllow: setting(
      'WEBHOOK_ALLOW',
      'hosts, addresses or networks such as "crm.lan, 10.0.0.0/8"',
      readAllowed,
      [],
    ),
    companyName,
    companyAddress: setting('COMPANY_ADDRESS', 'a postal address', readText, 'Your postal address'),
    companyUrl: setting('COMPANY_URL', 'an address such as "https://www.example.org"', readWebUrl, null),
  }
  if (textOf(env, 'SMTP_URL') !== undefined && textOf(env, 'BASE_URL') === undefined)
    problems.push(
      'BASE_URL: expected the public address of this server, such as "https://go.example.org", since SMTP_URL is set and the links in mails lead there; got nothing',
    )
  if (config.writeKey !== null && config.writeKey === config.apiKey)
    problems.push('TIDEMARK_API_KEY: expected another key than TIDEMARK_WRITE_KEY, got the same')
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    config: { ...config, missingForSending: config.sandbox ? NOTHING_MISSING : missing(env, config) },
  }
}

/** The address at which a browser on this machine reaches a server that listens at host and port. */
export function localAddress(host: string, port: number): string {
  const reached = ['0.0.0.0', '::'].includes(host) ? 'localhost' : isIP(host) === 6 ? `[${host}]` : host
  return `http://${reached}:${port}`
}

const DEFAULT_COMPANY = 'Your company'
const DEFAULT_DATABASE: Config['database'] = { type: 'sqlite', file: './data/tidemark.db' }
const DATABASE_EXPECTED = '"sqlite:./path/to/file.db" or "postgres://user:password@host/database"'
const KEY_EXPECTED = '16 or more printable ASCII characters, none of them a blank at either end'

/** Only ever seen in captured mail: `MAIL_FROM` is asked for before real mail goes out. */
function defaultFrom(company: string): string {
  return `"${company.replaceAll(/["\\]/g, '')}" <hello@example.com>`
}

function textOf(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim()
  return text === '' ? undefined : text
}

/** What came, without giving away a secret: start-up messages end in logs. */
function shown(name: string, text: string): string {
  if (name.endsWith('_KEY')) return `${text.length} characters`
  const open = text.replace(/\/\/.*@/s, '//…@')
  return JSON.stringify(open.length > 80 ? `${open.slice(0, 79)}…` : open)
}

function readYesNo(text: string): boolean | undefined {
  return text === '1' || text === '0' ? text === '1' : undefined
}

function readPort(text: string): number | undefined {
  const port = Number(text)
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? port : undefined
}

function readHost(text: string): string | undefined {
  return isIP(text) !== 0 || /^[A-Za-z0-9_.-]{1,253}$/.test(text) ? text : undefined
}

function readDatabase(text: string): Config['database'] | undefined {
  if (/^postgres(?:ql)?:\/\//.test(text)) return readPostgres(text)
  const file = /^sqlite:(.+)$/s.exec(text)?.[1]?.replace(/^\/\/(?=\/)/, '')
  return file === undefined || file.startsWith('//') || file.includes('\0')
    ? undefined
    : { type: 'sqlite', file }
}

/** The name of the database must be there: without one the driver would take the user's. */
function readPostgres(text: string): Config['database'] | undefined {
  const url = URL.parse(text)
  return url && url.pathname.length > 1 ? { type: 'postgres', url: text } : undefined
}

function readWebUrl(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password)
    return undefined
  return url.href.replace(/\/+$/, '')
}

function readSmtpUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && /^smtps?:$/.test(url.protocol) && url.hostname !== '' ? text : undefined
}

const SMS_EXPECTED = '"twilio://<account SID>:<auth token>@api.twilio.com?from=+15005550006"'
/** A number, a short code, a messaging service, or a name of up to eleven letters. */
const SMS_FROM = /^(?:\+[1-9]\d{6,14}|\d{3,8}|MG[0-9a-f]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/

/** `twilio+http:` is for a provider of one's own network, or a test's. */
function readSmsUrl(text: string): SmsAccount | undefined {
  const url = URL.parse(text)
  const scheme = url && { 'twilio:': 'https', 'twilio+http:': 'http' }[url.protocol]
  if (!url || scheme === undefined || url.hostname === '' || !/^\/?$/.test(url.pathname)) return undefined
  const [sid, token] = [unescape(url.username), unescape(url.password)]
  // In a query "+" means a blank, and nobody thinks of that who writes a number.
  const from = url.searchParams.get('from')?.replace(/^ (?=\d)/, '+') ?? null
  if (sid === '' || token === '' || (from !== null && !SMS_FROM.test(from))) return undefined
  return { origin: `${scheme}://${url.host}`, sid, token, from }
}

const ADDRESS = String.raw`[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]{1,255}`
const FROM = new RegExp(String.raw`^(?:${ADDRESS}|(?:"[^"\\\p{Cc}]*"|[^<>"@\p{Cc}]*?)\s*<${ADDRESS}>)$`, 'u')

function readMailFrom(text: string): string | undefined {
  return FROM.test(text) ? text : undefined
}

function readKey(text: string): string | undefined {
  return /^[!-~][ -~]{14,}[!-~]$/.test(text) ? text : undefined
}

function readDuration(text: string): number | undefined {
  const duration = parseDuration(text)
  return duration && plus(0, duration, 'UTC')
}

function readLine(text: string): string | undefined {
  return /\p{Cc}/u.test(text) ? undefined : text
}

/** Lines are fine in a postal address. */
function readText(text: string): string | undefined {
  return readLine(text.replaceAll(/\r?\n/g, ' ')) && text
}

function readAllowed(text: string): readonly string[] | undefined {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  return entries.every(isAllowed) ? entries : undefined
}

function isAllowed(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/')
  const version = isIP(address)
  if (bits === undefined) return version !== 0 || /^[A-Za-z0-9_.-]{1,253}$/.test(address)
  return (
    rest.length === 0 && version !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  )
}

// ---- What real mail needs ----------------------------------------------------------------------------------------

const NEEDED = {
  MAIL_FROM: 'who the mails come from',
  COMPANY_NAME: 'whom they name as sender',
  COMPANY_ADDRESS: 'the postal address in their foot, which the law asks for',
  COMPANY_URL: 'where their buttons lead',
} as const

/** Nothing stands in the way: messages are kept here, or go out as they should. */
export const NOTHING_MISSING: Config['missingForSending'] = { mail: [], sms: [], web: [] }

function missing(
  env: Environment,
  { smtpUrl, sms, baseUrl }: Pick<Config, 'smtpUrl' | 'sms' | 'baseUrl'>,
): Config['missingForSending'] {
  const noSender = sms !== null && sms.from === null
  return {
    mail: smtpUrl === null ? [] : missingForMail(env, baseUrl),
    sms: noSender ? ['SMS_URL names no sender: add one, such as "?from=+15005550006"'] : [],
    web: [],
  }
}

function missingForMail(env: Environment, baseUrl: string | null): readonly string[] {
  const unset = Object.entries(NEEDED).flatMap(([name, what]) =>
    textOf(env, name) === undefined ? [`${name} is not set: ${what}`] : [],
  )
  return baseUrl !== null && isPrivate(new URL(baseUrl).hostname)
    ? [
        `BASE_URL is ${baseUrl}, which only this machine or network reaches: links in mails would lead nowhere`,
        ...unset,
      ]
    : unset
}

/** Loopback, private, link-local and other networks that are not the public Internet. */
const PRIVATE_NETWORKS = new BlockList()
for (const network of '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 ::/96 fc00::/7 fe80::/10'.split(
  ' ',
)) {
  const [address, bits] = network.split('/') as [string, string]
  PRIVATE_NETWORKS.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

/** A host name as `URL` writes it. A name without a dot, or under one of these, is known only at home. */
const PRIVATE_NAME =
  /^[^.]+\.?$|\.(?:localhost|local|localdomain|internal|lan|home|corp|intranet|home\.arpa)\.?$/

/** Whether a host is known at home only, as far as its name or address tells. */
export function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  const version = isIP(host)
  if (version === 0) return PRIVATE_NAME.test(host)
  return PRIVATE_NETWORKS.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
