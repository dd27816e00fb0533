/** What a call tells of a person: ids, traits, consent, company. What no call may write is skipped and named. */
import {
  isZone,
  PURPOSES,
  type ConsentClaims,
  type Identification,
  type Json,
  type JsonObject,
  type Path,
} from '../../engine/index.ts'
import { fault, unexpected, unused, type CallProblem } from './problems.ts'
import { isObject } from './storable.ts'

/** Whether a ledger keeps this attribute, named in capitals. `SCORE` is one in any case. */
export type IsScore = (attribute: string) => boolean

/** What is noticed while a call is read. One problem refuses it; what is skipped is only named. */
export interface Notes {
  readonly problems: CallProblem[]
  readonly skipped: CallProblem[]
  readonly isScore: IsScore
}

/** More than anyone reads: a hostile call must not make an answer many times its own size. */
const MAX_NOTES = 50

export function complain(notes: Notes, problem: CallProblem): void {
  if (notes.problems.length < MAX_NOTES) notes.problems.push(problem)
}

function skip(notes: Notes, problem: CallProblem): void {
  if (notes.skipped.length < MAX_NOTES) notes.skipped.push(problem)
}

export type Mutable<Base> = { -readonly [Part in keyof Base]: Base[Part] }

/** What is told of a person besides the ids, which say whom a call is about. */
export type Told = Omit<Identification, 'userId' | 'email'>

/** The same with the address, as it is gathered. */
export interface Person extends Mutable<Told> {
  email?: string
}

/** Clients write null for what they do not know. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

// ---- Ids and zones -----------------------------------------------------------------------------------------------

export const ID = 'an id of 1 to 255 characters'

// oxlint-disable-next-line no-control-regex -- ids go into logs, headers and pages: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

/** An id; a number is taken as the text that writes it, since many systems count their customers. */
export function readId(notes: Notes, value: unknown, path: Path): string | undefined {
  if (typeof value === 'string' && value.length >= 1 && value.length <= 255 && !CONTROL.test(value))
    return value
  if (Number.isSafeInteger(value)) return String(value)
  if (isAbsent(value)) return undefined
  const expected = typeof value === 'string' && CONTROL.test(value) ? 'an id without control characters' : ID
  complain(notes, unexpected(path, expected, value))
  return undefined
}

/** The same where there must be one; empty after a complaint. */
export function requireId(notes: Notes, value: unknown, path: Path): string {
  if (isAbsent(value)) complain(notes, unexpected(path, ID, undefined))
  return readId(notes, value, path) ?? ''
}

const ZONE = 'a time zone such as "Europe/Paris"'
const ZONE_NAME = /^(?:[A-Za-z][A-Za-z0-9_+/-]{0,63}|[+-]\d\d:\d\d)$/
/** Asking costs 2 µs, and the same few zones come all the time. */
const knownZones = new Set<string>()

/** A zone known here; browsers send strange ones by themselves, which is no reason to lose the event. */
export function readZone(notes: Notes, value: unknown, path: Path): string | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value === 'string' && isKnownZone(value)) return value
  skip(notes, unused('unknown_zone', path, ZONE, value))
  return undefined
}

function isKnownZone(name: string): boolean {
  if (knownZones.has(name)) return true
  if (!ZONE_NAME.test(name) || !isZone(name)) return false
  if (knownZones.size < 1_000) knownZones.add(name)
  return true
}

// ---- Traits ------------------------------------------------------------------------------------------------------

/** Written by Tidemark, or by people in it; so are scores (design section 8). */
const READ_ONLY = new Set(
  'SCORE STAGE LIST LISTS OWNER CONSENT_AT CONSENT_TIME CONSENT_SOURCE CONSENTAT CONSENTTIME CONSENTSOURCE'.split(
    ' ',
  ),
)

/** Adds what traits tell to `person`; what was told before stays where these say nothing. */
export function readTraits(notes: Notes, traits: JsonObject, path: Path, person: Person): void {
  const attributes: { [name: string]: Json } = {}
  for (const key of Object.keys(traits))
    readTrait(notes, key, traits[key]!, [...path, key], person, attributes)
  if (Object.keys(attributes).length > 0) person.attributes = { ...person.attributes, ...attributes }
}

function readTrait(
  notes: Notes,
  key: string,
  value: Json,
  path: Path,
  person: Person,
  attributes: { [name: string]: Json },
): void {
  const name = attributeName(notes, key, path, attributes)
  if (name === undefined) return
  if (name === 'EMAIL') readEmail(notes, value, path, person)
  else if (name === 'CONSENT') readConsent(notes, value, path, person)
  else if (name === 'COMPANY' && isObject(value)) readCompany(notes, value, path, person)
  else if (READ_ONLY.has(name) || notes.isScore(name)) skip(notes, readOnly(name, path))
  else if (name !== 'TIMEZONE' || value === null || readZone(notes, value, path)) attributes[name] = value
}

/** The attributes of a company, by the same rule for names. */
export function readCompanyTraits(notes: Notes, traits: JsonObject, path: Path): JsonObject {
  const attributes: { [name: string]: Json } = {}
  for (const key of Object.keys(traits)) {
    const name = attributeName(notes, key, [...path, key], attributes)
    if (name !== undefined) attributes[name] = traits[key]!
  }
  return attributes
}

/** Names as clients write them; in capitals they are attributes. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

function attributeName(notes: Notes, key: string, path: Path, taken: JsonObject): string | undefined {
  const name = key.toUpperCase()
  if (!NAME.test(key))
    skip(
      notes,
      unused('bad_name', path, 'a name of letters, digits and "_", a letter first, 64 at most', key),
    )
  else if (Object.hasOwn(taken, name))
    skip(
      notes,
      fault(
        'written_twice',
        path,
        `expected ${name} once: capitals and small letters are the same`,
        'warning',
      ),
    )
  else return name
  return undefined
}

function readOnly(name: string, path: Path): CallProblem {
  const detail = `${name} is kept by Tidemark: no call writes scores, stage, lists, owner, or when and where consent was given`
  return fault('read_only', path, detail, 'warning')
}

/** Strict enough for a header and an SMTP dialogue; whether somebody reads there the first mail tells. */
const ADDRESS = /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u

function readEmail(notes: Notes, value: Json, path: Path, person: Person): void {
  const address = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (address.length <= 254 && ADDRESS.test(address)) person.email = address
  else skip(notes, unused('not_an_address', path, 'an e-mail address such as "ada@example.org"', value))
}

/** What the person agrees to. Nothing is guessed here: whatever is not plainly yes or no refuses the call. */
export function readConsent(notes: Notes, value: Json, path: Path, person: Person): void {
  if (!isObject(value))
    return complain(notes, unexpected(path, 'an object with "email", "sms" or "profiling"', value))
  const claims: Mutable<ConsentClaims> = { ...person.consent }
  for (const key of Object.keys(value)) {
    const purpose = PURPOSES.find((purpose) => purpose === key)
    const answer = value[key]
    if (key === 'at' || key === 'time' || key === 'source')
      skip(notes, readOnly(`consent.${key}`, [...path, key]))
    else if (purpose === undefined)
      complain(notes, unexpected([...path, key], '"email", "sms" or "profiling"', key))
    else if (typeof answer !== 'boolean') complain(notes, unexpected([...path, key], 'true or false', answer))
    else claims[purpose] = answer
  }
  if (Object.keys(claims).length > 0) person.consent = claims
}

/** Segment's reserved trait: a company by its id, or by its name where it has none. */
function readCompany(notes: Notes, value: JsonObject, path: Path, person: Person): void {
  const { id, ...others } = value
  const by = isAbsent(id) ? 'name' : 'id'
  if (isAbsent(value[by]))
    return skip(notes, unused('no_company', path, 'a company with "id" or "name"', value))
  const named = readId(notes, value[by], [...path, by])
  if (named !== undefined) person.company = { id: named, attributes: readCompanyTraits(notes, others, path) }
}
