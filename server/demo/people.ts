/**
 * The people of the demo: who they are, and what each of them does in the days to come. The same seed makes the same
 * people with the same days. Nobody can have their addresses or numbers: domains of RFC 2606, numbers kept for films.
 */
import type { JsonObject } from '../../engine/index.ts'

/** How long they live before anybody looks at them. */
export const DAYS = 60
const HOUR = 60
const DAY = 24 * HOUR
export const END = DAYS * DAY

export interface Person {
  readonly userId: string
  readonly email: string
  /** What they do by themselves, in order. Their answers to mail depend on the mail they get. */
  readonly acts: readonly Act[]
  readonly habits: Habits
  /** Draws what they do with each mail. */
  readonly random: Random
}

/** The next number from 0 to below 1, of a row that the seed determines. */
type Random = () => number

/** A call of Segment's API at a time. */
export interface Act {
  /** Minutes since the beginning. */
  readonly at: number
  readonly call: JsonObject
}

/** What somebody does with mail. */
export interface Habits {
  readonly opens: number
  /** How likely they click in a mail that they open. */
  readonly clicks: number
  /** With which mail they have had enough. */
  readonly leavesWith?: number
}

/** These people, and nobody else: the mark by which they are found again. */
export function isDemo(contact: {
  readonly userId: string | null
  readonly attributes: { readonly [name: string]: unknown }
}): boolean {
  return /^demo-\d{4,}$/.test(contact.userId ?? '') && contact.attributes['DEMO'] === true
}

/** Among twenty there is one of each kind at least, so that every list and journey has somebody in it. */
export function peopleOf(count: number, seed: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) => {
    const random = randomOf(seed * 100_003 + index)
    const persona: Persona = PERSONAS[pick(CYCLE, index)]
    const self = whoIs(index, random)
    const acts = persona.acts(daysOf(self, random)).toSorted((one, other) => one.at - other.at)
    return { userId: self.userId, email: self.email, acts, habits: persona.habits, random }
  })
}

// ---- What they do ------------------------------------------------------------------------------------------------

interface Persona {
  readonly habits: Habits
  readonly acts: (days: Days) => readonly Act[]
}

/** The kinds of people. */
const PERSONAS = {
  /** Subscribes, reads nearly everything we send, and downloads something now and then. */
  reader: {
    habits: { opens: 0.95, clicks: 0.9 },
    acts: ({ within, known, track, some, wander }) => {
      const start = within(0, 40)
      return [
        known(start, { consent: { profiling: true } }),
        track(start + 1, 'newsletter_subscribed', { form: 'footer' }),
        ...some(1, 3, () => within(start / DAY + 1, DAYS)).map((at) =>
          track(at, 'resource_downloaded', { name: pick(RESOURCES, start + at) }),
        ),
        ...wander(start, 8),
      ]
    },
  },
  /** Looks at the prices before anybody knows who it is, asks something, and comes back to look again. */
  looker: {
    habits: { opens: 0.5, clicks: 0.2 },
    acts: ({ within, known, page, visit, track, some, wander }) => {
      const start = within(3, 45)
      return [
        visit(start - 2 * DAY, '/'),
        visit(start - 2 * DAY + 3, '/pricing'),
        visit(start - 30, '/about'),
        known(start, {}),
        track(start + 1, 'form_submitted', { form: 'contact', message: 'Do you deliver to islands?' }),
        page(start + 9, '/pricing'),
        ...some(0, 2, () => within(start / DAY + 1, DAYS)).map((at) => page(at, '/pricing')),
        ...wander(start, 5),
      ]
    },
  },
  /** Reads, compares, asks for a quote and buys; some buy again. */
  buyer: {
    habits: { opens: 0.8, clicks: 0.6 },
    acts: ({ within, known, track, page, purchase, some, wander }) => {
      const start = within(0, 25)
      const quote = start + 12 * DAY
      return [
        known(start, { consent: { profiling: true, sms: true } }),
        track(start + 2, 'newsletter_subscribed', { form: 'checkout' }),
        track(start + 2 * DAY, 'resource_downloaded', { name: 'Price comparison' }),
        page(start + 5 * DAY, '/pricing'),
        track(quote, 'quote_requested', { product: 'Harbour lamp', quantity: 12 }),
        purchase(quote + 4 * DAY),
        ...some(0, 2, () => within(quote / DAY + 5, DAYS)).map(purchase),
        ...wander(start, 10),
      ]
    },
  },
  /** Keen for two weeks, then never seen again: their points ebb. */
  sleeper: {
    habits: { opens: 0.3, clicks: 0.15 },
    acts: ({ within, known, track, page, some }) => {
      const start = within(0, 8)
      return [
        known(start, {}),
        track(start + 1, 'newsletter_subscribed', { form: 'popup' }),
        track(start + DAY, 'resource_downloaded', { name: 'Buying guide' }),
        ...some(1, 2, () => within(start / DAY + 1, 14)).map((at) => page(at, '/pricing')),
        ...some(0, 1, () => within(start / DAY + 1, 14)).map((at) =>
          track(at, 'quote_requested', { product: 'Buoy light', quantity: 3 }),
        ),
      ]
    },
  },
  /** Subscribes, and has had enough after the second mail. */
  leaver: {
    habits: { opens: 1, clicks: 0.3, leavesWith: 2 },
    acts: ({ within, known, track }) => {
      const start = within(0, 45)
      return [known(start, {}), track(start + 1, 'newsletter_subscribed', { form: 'footer' })]
    },
  },
  /** Takes part in contests and does nothing else. */
  player: {
    habits: { opens: 0.2, clicks: 0 },
    acts: ({ within, known, track, some }) => {
      const start = within(25, 55)
      return [
        known(start, {}),
        ...some(1, 2, () => within(start / DAY + 1, DAYS)).map((at) =>
          track(at, 'contest_entry', { contest: 'Lighthouse of the year' }),
        ),
      ]
    },
  },
  /** Comes to an event with colleagues and talks to sales there. */
  guest: {
    habits: { opens: 0.7, clicks: 0.4 },
    acts: ({ within, known, employed, track }) => {
      const start = within(5, 50)
      return [
        known(start, { consent: { profiling: true } }),
        employed(start + 1),
        track(start + 2, 'event_signup', { event: 'Open day at the pier' }),
        track(start + 6 * DAY, 'sales_contacted', { topic: 'Lamps for a whole harbour' }),
      ]
    },
  },
  /** Needs something soon: looks at the prices, calls, asks for a quote. With sales at the end. */
  asker: {
    habits: { opens: 0.9, clicks: 0.5 },
    acts: ({ within, known, employed, track, page }) => {
      const start = within(DAYS - 25, DAYS - 5)
      return [
        known(start, { consent: { sms: true } }),
        employed(start + 1),
        page(start + 2, '/pricing'),
        track(start + 10, 'sales_contacted', { topic: 'Delivery times' }),
        track(start + DAY, 'quote_requested', { product: 'Pier lamp', quantity: 40 }),
      ]
    },
  },
  /** Here since yesterday: still looking around. */
  newcomer: {
    habits: { opens: 0.6, clicks: 0.3 },
    acts: ({ lately, known, track }) => {
      const start = lately(40)
      return [known(start, {}), track(start + 1, 'newsletter_subscribed', { form: 'popup' })]
    },
  },
  /** A reader of some weeks who got warm only today. */
  warming: {
    habits: { opens: 1, clicks: 1 },
    acts: ({ within, lately, known, track }) => {
      const start = within(35, 55)
      return [
        known(start, {}),
        track(start + 1, 'newsletter_subscribed', { form: 'footer' }),
        track(lately(18), 'resource_downloaded', { name: 'Webinar: lamps by the sea' }),
      ]
    },
  },
} as const satisfies { readonly [name: string]: Persona }

const CYCLE = (
  'reader looker sleeper buyer newcomer player reader asker sleeper warming ' +
  'looker reader leaver guest sleeper looker buyer player reader newcomer'
).split(' ') as readonly (keyof typeof PERSONAS)[]

const RESOURCES = ['Buying guide', 'Price comparison', 'Webinar: lamps by the sea', 'Checklist for harbours']
const PATHS = [
  '/',
  '/products',
  '/blog/reading-a-tide-table',
  '/products/harbour-lamp',
  '/blog/why-lamps-rust',
]
const PRODUCTS = ['Harbour lamp', 'Pier lamp', 'Buoy light', 'Tide table']

/** The words in which a persona tells its days. Times are minutes since the beginning. */
interface Days {
  /** In waking hours where they live, from one day to before another. */
  readonly within: (from: number, to: number) => number
  /** Some time in these last hours. */
  readonly lately: (hours: number) => number
  readonly some: (least: number, most: number, when: () => number) => readonly number[]
  /** From now on we know who it is. */
  readonly known: (at: number, more: JsonObject) => Act
  readonly employed: (at: number) => Act
  readonly track: (at: number, event: string, properties: JsonObject) => Act
  readonly page: (at: number, path: string) => Act
  /** A page before we know who it is. */
  readonly visit: (at: number, path: string) => Act
  /** Up to so many pages from the next day on. */
  readonly wander: (from: number, most: number) => readonly Act[]
  readonly purchase: (at: number) => Act
}

function daysOf({ userId, anonymousId, traits, company, offset }: Self, random: Random): Days {
  const act = (at: number, call: JsonObject): Act => ({
    at: Math.min(Math.max(1, Math.round(at)), END),
    call,
  })
  const track = (at: number, event: string, properties: JsonObject) =>
    act(at, { type: 'track', userId, event, properties })
  const view = (at: number, path: string, who: JsonObject) =>
    act(at, { type: 'page', ...who, properties: { path, url: `https://www.example.com${path}` } })
  const within = (from: number, to: number) => {
    const day = Math.floor(from + random() * Math.max(1, to - from))
    const local = (8 + random() * 13) * HOUR
    return Math.max(0, Math.min(END - DAY, day * DAY + local - offset * HOUR))
  }
  const some = (least: number, most: number, when: () => number) =>
    Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, when)
  return {
    within,
    lately: (hours) => END - HOUR - random() * (hours - 1) * HOUR,
    some,
    known: (at, more) => act(at, { type: 'identify', userId, anonymousId, traits: { ...traits, ...more } }),
    employed: (at) => act(at, { type: 'group', userId, ...company }),
    track,
    page: (at, path) => view(at, path, { userId }),
    visit: (at, path) => view(at, path, { anonymousId }),
    wander: (from, most) =>
      some(1, most, () => within(from / DAY + 1, DAYS)).map((at) => view(at, pick(PATHS, at), { userId })),
    purchase: (at) => {
      const quantity = 1 + Math.floor(random() * 8)
      return track(at, 'purchase', {
        product: pick(PRODUCTS, at),
        quantity,
        revenue: quantity * 129,
        currency: 'EUR',
      })
    },
  }
}

// ---- Who they are ------------------------------------------------------------------------------------------------

interface Self {
  readonly userId: string
  readonly anonymousId: string
  readonly email: string
  readonly traits: JsonObject
  readonly company: { readonly groupId: string; readonly traits: JsonObject }
  /** Hours ahead of UTC, roughly: nobody looks at their watch. */
  readonly offset: number
}

function whoIs(index: number, random: Random): Self {
  const number = String(index + 1).padStart(4, '0')
  const [first, last] = [pick(FIRST, index), pick(LAST, index * 7)]
  const before = Math.floor(index / (FIRST.length * LAST.length))
  const place = pick(PLACES, random() * PLACES.length)
  const company = pick(COMPANIES, random() * COMPANIES.length)
  const atWork = random() < 0.4
  const name = `${ascii(first)}.${ascii(last)}${before === 0 ? '' : before + 1}`
  const email = `${name}@${atWork ? company.domain : pick(FREE_MAIL, index)}`
  return {
    userId: `demo-${number}`,
    anonymousId: `demo-visitor-${number}`,
    email,
    traits: {
      email,
      firstName: first,
      lastName: last,
      country: place.country,
      city: place.city,
      timezone: place.timezone,
      ...(place.phone !== null && { phone: `${place.phone}${String(100 + (index % 100))}` }),
      demo: true,
    },
    company: {
      groupId: `demo-${company.domain}`,
      traits: { name: company.name, industry: company.industry, employees: company.employees },
    },
    offset: place.offset,
  }
}

function ascii(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase()
}

const FREE_MAIL = ['example.com', 'example.net', 'example.org']

const COMPANIES = [
  { name: 'Northwind Harbours', domain: 'northwind.test', industry: 'Ports', employees: 420 },
  { name: 'Lumen & Daughters', domain: 'lumen.test', industry: 'Retail', employees: 18 },
  { name: 'Pier 7 Hotels', domain: 'pier7.test', industry: 'Hospitality', employees: 95 },
  { name: 'Saltmarsh Council', domain: 'saltmarsh.test', industry: 'Public sector', employees: 260 },
  { name: 'Ebb Yacht Club', domain: 'ebb.test', industry: 'Leisure', employees: 12 },
]

/** `phone`: numbers that no telephone company gives to anybody. */
const PLACES = [
  { country: 'DE', city: 'Hamburg', timezone: 'Europe/Berlin', offset: 1, phone: null },
  { country: 'GB', city: 'Bristol', timezone: 'Europe/London', offset: 0, phone: '+447700900' },
  { country: 'FR', city: 'Brest', timezone: 'Europe/Paris', offset: 1, phone: null },
  { country: 'US', city: 'Boston', timezone: 'America/New_York', offset: -5, phone: '+12025550' },
  { country: 'BR', city: 'Santos', timezone: 'America/Sao_Paulo', offset: -3, phone: null },
  { country: 'IN', city: 'Kochi', timezone: 'Asia/Kolkata', offset: 5.5, phone: null },
  { country: 'JP', city: 'Yokohama', timezone: 'Asia/Tokyo', offset: 9, phone: null },
  { country: 'AU', city: 'Fremantle', timezone: 'Australia/Perth', offset: 8, phone: null },
]

/** So many first and last names that have no factor in common make each pair once. */
const FIRST = (
  'Ada Björn Chidi Dana Emeka Freya Giulia Hana Ines Jamal Kenji Lotte Mateo Nadia Olga Priya Quentin Rosa Sven ' +
  'Thandi Umar Valérie Wen Ximena Yusuf Zoë Anouk Bela Carmen'
).split(' ')

const LAST = (
  'Adler Bianchi Costa Dubois Eriksson Ferreira García Hoffmann Ivanova Jensen Kowalski Lindqvist Moreau Nakamura ' +
  'Okafor Petrov Quiroga Rossi Sharma Tanaka Ueda Vargas Weber Xu Yılmaz Zimmermann Álvarez'
).split(' ')

// ---- Chance ------------------------------------------------------------------------------------------------------

/** mulberry32. */
function randomOf(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The value at a place of the list, which goes around. */
function pick<Value>(values: readonly Value[], place: number): Value {
  return values[Math.floor(place) % values.length] as Value
}
