/**
 * Laws that hold for any journeys and any history, drawn at random. A run that fails prints its seed: it goes into
 * REGRESSIONS and stays there.
 */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  catalogueOf,
  fold,
  machineOf,
  newHistory,
  united,
  type Catalogue,
  type Contact,
  type Entry,
  type Happens,
  type History,
  type Journey,
  type Simulation,
} from '../../engine/index.ts'
import { STAGES, type Channel, type MessageVerdict } from '../../engine/contact.ts'
import { channelOf, stepsOf } from '../../engine/reading.ts'
import { ada, entry, event, HOUR, identify, live, publishedWith, START, verdict } from '../support/entries.ts'
import { arbitraryJourney, arbitrarySoundJourney, SEGMENTS } from '../support/journeys.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'

/** Seeds that once found something, by law. */
const REGRESSIONS: { readonly [law: string]: readonly number[] } = {}
const RUNS = 60

function seedsOf(law: string, own: number): readonly number[] {
  return [own, ...(REGRESSIONS[law] ?? [])]
}

// ---- Histories -----------------------------------------------------------------------------------------------------

type Scene = Parameters<typeof live>[1][number]

const name = fc.constantFrom('purchase', 'page_viewed', 'quote requested', 'go', 'newsletter_subscribed')
const json = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom('a', 'Warm leads', true, null))
const properties = fc.dictionary(fc.constantFrom('order', 'quantity', 'revenue', 'message'), json, {
  noNullPrototype: true,
})
const attributes = fc.dictionary(
  fc.constantFrom('COUNTRY', 'FIT', 'A1_B', 'TIMEZONE', 'RENEWAL_DATE', 'BIRTHDAY'),
  fc.oneof(json, fc.constantFrom('Europe/Berlin', '2026-05-20', '1988-02-29', '2026-06-03T09:30:00Z')),
  { noNullPrototype: true },
)
/** What the outside may say of a message, by how it went. */
const VERDICTS = {
  email: ['opened', 'clicked', 'bounced', 'delivered', 'complained', 'unsubscribed'],
  sms: ['delivered', 'clicked', 'failed', 'stopped'],
  webhook: ['sent', 'failed', 'uncertain'],
  notice: ['failed'],
} as const satisfies { readonly [by in Channel]: readonly MessageVerdict[] }
const stored = fc.dictionary(
  fc.constantFrom('TIER', 'FIT', 'SCORE', 'TIMEZONE'),
  fc.oneof(json, fc.constant('Asia/Kathmandu')),
  { noNullPrototype: true },
)
/** The time zone that an event may come with, not always one there is. */
const zone = fc.constantFrom({}, { zone: 'Australia/Lord_Howe' }, { zone: 'Europe/Atlantis' })
const hour = fc.oneof(fc.nat(48), fc.nat(40 * 24))

/** One thing that happens, so many hours after the start; names of journeys are those that take part. */
function scene(
  ids: readonly string[],
  sent: readonly (readonly [journey: string, step: string, by: Channel])[],
): fc.Arbitrary<readonly [number, Scene]> {
  const message = sent.length > 0 ? fc.constantFrom(...sent) : fc.constant(['none', 'none', 'email'] as const)
  const at = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(hour, name, properties, fc.boolean(), zone)
        .map(([h, n, p, active, known]) => [h, event(n, h, p, { active, ...known })] as const),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(hour, name, properties, fc.nat(900))
        .map(
          ([h, n, p, ago]) =>
            [h, event(n, h, p, { occurredAt: START + (h - 25 - ago) * HOUR, late: true })] as const,
        ),
    },
    fc.tuple(hour, attributes).map(([h, a]) => [h, identify({ attributes: a }, h)] as const),
    fc
      .tuple(hour, fc.constantFrom(...ids))
      .map(([h, journey]) => [h, entry('enter', h, { journey, properties: {} })] as const),
    fc
      .tuple(hour, fc.constantFrom(...ids))
      .map(([h, journey]) => [h, entry('leave', h, { journey, reason: 'by hand' })] as const),
    fc.tuple(hour, fc.constantFrom('SCORE', 'FIT'), fc.integer({ min: -999, max: 999 })).map(
      ([h, attribute, n]) =>
        [
          h,
          entry('score', h, {
            attribute,
            change: n % 2 ? { by: n / 100 } : { set: n / 100 },
            reason: 'by hand',
          }),
        ] as const,
    ),
    fc
      .tuple(hour, fc.constantFrom(...ids), name, properties)
      .map(
        ([h, journey, heard, p]) => [h, entry('admit', h, { journey, event: heard, properties: p })] as const,
      ),
    fc
      .tuple(hour, fc.constantFrom({}, { silent: true as const }))
      .map(([h, silent]) => [h, entry('look', h, silent)] as const),
    fc
      .tuple(hour, fc.constantFrom('subscribed', 'unsubscribed'), fc.constantFrom('email', 'sms'))
      .map(
        ([h, status, purpose]) => [h, entry('consent', h, { status, purpose, reason: 'by hand' })] as const,
      ),
    fc
      .tuple(hour, message, fc.nat(99), fc.boolean(), stored)
      .map(([h, [journey, step, by], n, machine, answer]) => {
        const what = VERDICTS[by][n % VERDICTS[by].length]!
        const more = by === 'webhook' ? { stored: answer } : { machine }
        return [h, verdict(journey, step, what, h, more)] as const
      }),
  )
  return at
}

function scenes(journeys: readonly Journey[]): fc.Arbitrary<readonly Scene[]> {
  const sent = journeys.flatMap((journey) =>
    stepsOf(journey).flatMap(([id, step]) => {
      const by = channelOf(step)
      return by === undefined ? [] : [[journey.id, id, by] as const]
    }),
  )
  return fc
    .array(
      scene(
        journeys.map(({ id }) => id),
        sent,
      ),
      { maxLength: 15 },
    )
    .map((drawn) => drawn.toSorted(([a], [b]) => a - b).map(([, happens]) => happens))
}

interface Life {
  readonly journeys: readonly Journey[]
  readonly scenes: readonly Scene[]
}

function lives(journey: (id: string) => fc.Arbitrary<Journey>): fc.Arbitrary<Life> {
  return fc
    .tuple(journey('one'), journey('two'))
    .chain((journeys) => scenes(journeys).map((drawn) => ({ journeys, scenes: drawn })))
}

const anyLife = lives((id) => arbitraryJourney({ id }))
const soundLife = lives(arbitrarySoundJourney)
const shipped = JOURNEY_NAMES.map(shippedJourney)
const shippedLife = scenes(shipped).map((drawn): Life => ({ journeys: shipped, scenes: drawn }))

/** Newcomers of all kinds: known or not, reachable or not, with points or a plain number where points will be. */
const newcomer: fc.Arbitrary<Contact> = fc
  .record({
    email: fc.constantFrom('ada@nordlicht-lampen.de', null),
    stage: fc.constantFrom(null, ...STAGES),
    attributes: fc.constantFrom(
      {},
      { FIT: 7.25 },
      { TIMEZONE: 'America/New_York' },
      { FIT: 'many', PHONE: '+4930123456' },
    ),
  })
  .map((more) => ada(more))

function lived({ journeys, scenes }: Life, contact: Contact, until = 60 * 24): Simulation {
  return live(publishedWith(SEGMENTS, ...journeys), scenes, { contact, until })
}

function refolded(contact: Contact, entries: readonly Entry[], catalogue: Catalogue): History {
  return entries.reduce((history, next) => fold(history, next, catalogue, 'UTC').history, newHistory(contact))
}

// ---- Laws ------------------------------------------------------------------------------------------------------------

/** What a law finds, and what it should have found. */
type Found = readonly [got: unknown, expected: unknown]

/** SCORE and every other score equal the sum of their entries; a line says what it did, in whole hundredths. */
function balance({ contact, ledger }: History): Found {
  const sums = Object.keys(contact.scores).map((attribute) => {
    const lines = ledger.filter((line) => line.attribute === attribute)
    return [attribute, lines.reduce((sum, { by }) => sum + by, 0)]
  })
  const faulty = ledger.filter(
    ({ by, before, after }) => by === 0 || after !== before + by || ![by, after].every(Number.isInteger),
  )
  const ids = new Set(ledger.map(({ id }) => id))
  return [
    { scores: contact.scores, faulty, lines: ids.size },
    { scores: Object.fromEntries(sums), faulty: [], lines: ledger.length },
  ]
}

/** Live passages that stand beside one of the same journey and key, though they may not. */
function twins({ enrollments }: History, catalogue: Catalogue): readonly string[] {
  const alone = enrollments.flatMap(({ journey, version, key, ended }) => {
    const { policy, key: property } = machineOf(catalogue, journey, version).reentry
    return ended === null && (policy !== 'parallel' || property !== undefined) ? [`${journey} ${key}`] : []
  })
  return alone.filter((passage, index) => alone.indexOf(passage) < index)
}

/** Passages that are found where nobody can stay, and ended ones that still wait. */
function lost({ enrollments }: History, catalogue: Catalogue) {
  return enrollments.filter(({ journey, version, step, ended, due }) =>
    ended ? due !== null : !machineOf(catalogue, journey, version).places.has(step),
  )
}

/** Lines of the trace that speak of a passage after its end. */
function afterTheEnd({ trace }: Simulation) {
  const over = new Set<string>()
  return trace.filter(({ enrollment, what }) => {
    if (enrollment === null) return false
    const spoken = over.has(enrollment)
    if (what === 'ended') over.add(enrollment)
    return spoken
  })
}

/** Wake-ups that came although another wait was due before them. */
function outOfTurn({ entries }: Simulation, contact: Contact, catalogue: Catalogue) {
  let history = newHistory(contact)
  return entries.filter((next) => {
    const dues = history.enrollments.flatMap(({ ended, due }) => (ended || due === null ? [] : [due]))
    history = fold(history, next, catalogue, 'UTC').history
    return next.kind === 'wake' && dues.some((due) => due < next.at)
  })
}

const LAWS: {
  readonly [law: string]: {
    readonly seed: number
    readonly find: (so: Simulation, contact: Contact, life: Life) => Found
  }
} = {
  'folding the journal again gives the same tables, ids included': {
    seed: 11,
    // Machines are built anew: nothing may hang on the ones that were there.
    find: (so, contact, life) => [
      refolded(contact, so.entries, publishedWith(SEGMENTS, ...life.journeys)),
      so.history,
    ],
  },
  'the score equals the sum of its history': { seed: 12, find: ({ history }) => balance(history) },
  'the same again gives the same': { seed: 13, find: (so, contact, life) => [lived(life, contact), so] },
  'nobody is lost between two steps': {
    seed: 14,
    find: ({ history }, _, life) => [lost(history, publishedWith(SEGMENTS, ...life.journeys)), []],
  },
  'nothing is told of a passage after its end': { seed: 15, find: (so) => [afterTheEnd(so), []] },
  'of one journey and key no two passages are live, unless side by side': {
    seed: 16,
    find: ({ history }, _, life) => [twins(history, publishedWith(SEGMENTS, ...life.journeys)), []],
  },
  'a message goes out at most once': {
    seed: 17,
    find: ({ messages }) => [new Set(messages.map(({ message }) => message)).size, messages.length],
  },
  'waits are woken in the order in which they are due': {
    seed: 18,
    find: (so, contact, life) =>
      // A wake-up whose cascade failed leaves its passage due behind it.
      so.failed.length > 0
        ? [[], []]
        : [outOfTurn(so, contact, publishedWith(SEGMENTS, ...life.journeys)), []],
  },
}

describe.each([
  ['any journeys', anyLife],
  ['journeys without problems', soundLife],
  ['the shipped journeys', shippedLife],
] as const)('with %s', (_, life) => {
  describe.each(Object.entries(LAWS))('%s', (law, { seed: own, find }) => {
    test.each(seedsOf(law, own))('(@seed %d)', (seed) => {
      const property = fc.property(life, newcomer, (drawn, contact) => {
        const [got, expected] = find(lived(drawn, contact), contact, drawn)
        expect(got).toEqual(expected)
      })
      fc.assert(property, { seed, numRuns: RUNS })
    })
  })
})

describe('publications in the middle', () => {
  const changing = fc.tuple(
    arbitraryJourney({ id: 'one' }),
    arbitraryJourney({ id: 'one' }),
    arbitraryJourney({ id: 'two' }),
  )
  const story = changing.chain(([first, second, other]) =>
    fc.tuple(
      fc.constant([first, second, other] as const),
      scenes([first, other]),
      scenes([second, other]),
      fc.constantFrom('stay', 'move', 'leave'),
    ),
  )
  test.each(seedsOf('publications', 21))(
    'leave the journal foldable and every score its sum (@seed %d)',
    (seed) => {
      fc.assert(
        fc.property(story, newcomer, ([[first, second, other], before, after, inside], contact) => {
          const segments = Object.entries(SEGMENTS)
          const old = catalogueOf(
            [
              { journey: first, version: 1, open: true },
              { journey: other, version: 1, open: true },
            ],
            undefined,
            new Map(segments),
          )
          const next = catalogueOf(
            [
              { journey: first, version: 1, open: false },
              { journey: second, version: 2, open: true },
              { journey: other, version: 1, open: true },
            ],
            old,
            // One is gone, one means something else.
            new Map([...segments.slice(1), ['Recent', { list: 'Newsletter' }]]),
          )
          const [early, late] = [live(old, before, { contact, until: 960 }), 961]
          const publication =
            inside === 'stay'
              ? []
              : inside === 'move'
                ? [entry('move', late, { journey: 'one', version: 2 })]
                : [entry('leave', late, { journey: 'one', reason: 'x' })]
          const shifted = plain(after).map((one) => later(one, late))
          const looked = entry('look', late, { silent: true })
          const entries = numbered(early.entries, [looked, ...publication, ...shifted])
          const fresh = (catalogue: readonly [Catalogue, Catalogue]) =>
            entries.reduce(
              (history, one) =>
                fold(history, one, one.at < START + late * HOUR ? catalogue[0] : catalogue[1], 'UTC').history,
              newHistory(contact),
            )
          const history = fresh([old, next])
          const [got, expected] = balance(history)
          expect(got).toEqual(expected)
          expect(fresh([old, next])).toEqual(history)
          const live1 = history.enrollments.filter(
            ({ journey, version, ended }) => journey === 'one' && version === 1 && ended === null,
          )
          if (inside !== 'stay') expect(live1).toEqual([])
          expect(history.contact.segments).not.toContain('Hot')
        }),
        { seed, numRuns: RUNS },
      )
    },
  )
})

function later(happens: Happens, hours: number): Happens {
  return { ...happens, at: happens.at + hours * HOUR, occurredAt: happens.occurredAt + hours * HOUR }
}

function numbered(entries: readonly Entry[], more: readonly Happens[]): readonly Entry[] {
  return [...entries, ...more.map((happens, index) => ({ ...happens, seq: entries.length + index + 1 }))]
}

describe('merges', () => {
  const merging = anyLife.chain((life) =>
    fc.tuple(fc.constant(life), scenes(life.journeys), scenes(life.journeys)),
  )
  test.each(seedsOf('merges', 22))(
    'leave the sum of both, no twins, and a journal that folds again (@seed %d)',
    (seed) => {
      fc.assert(
        fc.property(merging, newcomer, newcomer, ([life, others, after], contact, from) => {
          const catalogue = publishedWith(SEGMENTS, ...life.journeys)
          const own = live(catalogue, life.scenes, { contact, until: 960 }).entries
          // One journal holds both: what the other did stands behind it, then the merge, then what came after.
          const theirs = numbered(own, plain(others)).slice(own.length)
          const merged = () => {
            const a = refolded(contact, own, catalogue)
            const b = refolded({ ...from, id: 'b' }, theirs, catalogue)
            const carried = b.enrollments.filter(({ ended }) => ended === null)
            const merge = entry('merge', 961, { from: b.contact, enrollments: carried })
            const tail = numbered([...own, ...theirs], [merge, ...plain(after).map((one) => later(one, 962))])
            const [first, ...rest] = tail.slice(own.length + theirs.length) as [Entry, ...Entry[]]
            const { history, done } = fold(united(a, b), first, catalogue, 'UTC')
            if ('failed' in done) return undefined
            return rest.reduce((next, one) => fold(next, one, catalogue, 'UTC').history, history)
          }
          const history = merged()
          expect(merged()).toEqual(history)
          if (!history) return // it would not come to rest, and is rolled back as any other entry
          const [got, expected] = balance(history)
          expect(got).toEqual(expected)
          expect(twins(history, catalogue)).toEqual([])
        }),
        { seed, numRuns: RUNS },
      )
    },
  )
})

/** Those that are entries as they stand. */
function plain(scenes: readonly Scene[]): readonly Happens[] {
  return scenes.flatMap((one) => ('happens' in one ? [] : [one]))
}

describe('400 days after the last event', () => {
  const law = 'every passage of a journey without problems is over, or waits for a time that is yet to come'
  const astray = ({ history }: Simulation, until: number) =>
    history.enrollments.filter(({ ended, due }) => ended === null && (due === null || due <= until))
  const one = arbitrarySoundJourney('one').chain((journey) =>
    scenes([journey]).map((drawn): Life => ({ journeys: [journey], scenes: drawn })),
  )
  const cases = [
    ['one drawn at random', one, 31],
    ['the shipped ones', shippedLife, 32],
  ] as const
  describe.each(cases)('of %s', (_, life, own) => {
    test.each(seedsOf(law, own))(`${law} (@seed %d)`, (seed) => {
      fc.assert(
        fc.property(life, newcomer, (drawn, contact) => {
          const end = 40 * 24 + 400 * 24
          const so = lived(drawn, contact, end)
          expect(so.failed).toEqual([])
          expect(astray(so, START + end * HOUR)).toEqual([])
        }),
        { seed, numRuns: RUNS },
      )
    })
  })
})
