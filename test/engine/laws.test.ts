/**
 * Laws that hold for any journeys and any history, drawn at random. A run that fails prints its seed: it goes into
 * REGRESSIONS and stays there.
 */
import fc from 'fast-check'
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
import { STAGES } from '../../engine/contact.ts'
import { ada, entry, event, HOUR, identify, live, published, START, verdict } from '../support/entries.ts'
import { arbitraryJourney, arbitrarySoundJourney } from '../support/journeys.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'

/** Seeds that once found something, by law. */
const REGRESSIONS: { readonly [law: string]: readonly number[] } = {}
const RUNS = 150

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
  fc.constantFrom('COUNTRY', 'FIT', 'A1_B', 'TIMEZONE'),
  fc.oneof(json, fc.constant('Europe/Berlin')),
  { noNullPrototype: true },
)
const hour = fc.oneof(fc.nat(48), fc.nat(40 * 24))

/** One thing that happens, so many hours after the start; names of journeys are those that take part. */
function scene(
  ids: readonly string[],
  mails: readonly (readonly [string, string])[],
): fc.Arbitrary<readonly [number, Scene]> {
  const message = mails.length > 0 ? fc.constantFrom(...mails) : fc.constant(['none', 'none'] as const)
  const at = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(hour, name, properties, fc.boolean())
        .map(([h, n, p, active]) => [h, event(n, h, p, { active })] as const),
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
      .tuple(hour, fc.constantFrom('subscribed', 'unsubscribed'), fc.constantFrom('email', 'sms'))
      .map(
        ([h, status, purpose]) =>
          [h, entry('consent', h, { status, purpose, reason: 'by hand' })] as const,
      ),
    fc
      .tuple(
        hour,
        message,
        fc.constantFrom('opened', 'clicked', 'bounced', 'delivered', 'complained'),
        fc.boolean(),
      )
      .map(
        ([h, [journey, step], what, machine]) =>
          [h, verdict(journey, step, what as 'opened', h, { machine })] as const,
      ),
  )
  return at
}

function scenes(journeys: readonly Journey[]): fc.Arbitrary<readonly Scene[]> {
  const mails = journeys.flatMap(({ id, states }) =>
    Object.entries(states).flatMap(([step, { entry }]) =>
      entry?.type === 'sendEmail' ? [[id, step] as const] : [],
    ),
  )
  return fc
    .array(
      scene(
        journeys.map(({ id }) => id),
        mails,
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
    attributes: fc.constantFrom({}, { FIT: 7.25 }, { TIMEZONE: 'America/New_York' }, { FIT: 'many' }),
  })
  .map((more) => ada(more))

function lived({ journeys, scenes }: Life, contact: Contact, until = 60 * 24): Simulation {
  return live(published(...journeys), scenes, { contact, until })
}

function refolded(contact: Contact, entries: readonly Entry[], catalogue: Catalogue): History {
  return entries.reduce((history, next) => fold(history, next, catalogue, 'UTC').history, newHistory(contact))
}

/** SCORE and every other score equal the sum of their entries. */
function expectBalanced({ contact, ledger }: History) {
  for (const [attribute, score] of Object.entries(contact.scores)) {
    const lines = ledger.filter((line) => line.attribute === attribute)
    const sum = lines.reduce((total, { by }) => total + by, 0)
    expect([attribute, score]).toEqual([attribute, sum])
    for (const line of lines) {
      expect(line.after).toBe(line.before + line.by)
      expect(line.by).not.toBe(0)
      expect([line.by, line.after].every(Number.isInteger)).toBe(true)
    }
  }
  expect(new Set(ledger.map(({ id }) => id)).size).toBe(ledger.length)
}

/** Of one journey and key no two passages are live, unless they may stand side by side. */
function expectAlone(history: History, catalogue: Catalogue) {
  const alone = history.enrollments.filter(({ journey, version, ended }) => {
    const { policy, key } = machineOf(catalogue, journey, version).reentry
    return ended === null && (policy !== 'parallel' || key !== undefined)
  })
  expect(new Set(alone.map(({ journey, key }) => `${journey} ${key}`)).size).toBe(alone.length)
}

describe.each([
  ['any journeys', anyLife, RUNS],
  ['journeys without problems', soundLife, RUNS],
  ['the shipped journeys', shippedLife, RUNS],
] as const)('with %s', (kind, life, numRuns) => {
  const law = (title: string, own: number, holds: (life: Life, contact: Contact) => void) =>
    describe.each(seedsOf(`${kind}: ${title}`, own))(`${title} (@seed %d)`, (seed) => {
      test('holds', () => fc.assert(fc.property(life, newcomer, holds), { seed, numRuns }))
    })

  law('folding the journal again gives the same tables, ids included', 11, (life, contact) => {
    const so = lived(life, contact)
    // Machines are built anew: nothing may hang on the ones that were there.
    expect(refolded(contact, so.entries, published(...life.journeys))).toEqual(so.history)
  })

  law('the score equals the sum of its history', 12, (life, contact) => {
    expectBalanced(lived(life, contact).history)
  })

  law('the same again gives the same', 13, (life, contact) => {
    expect(lived(life, contact)).toEqual(lived(life, contact))
  })

  law('nobody is told or asked anything after the end of a passage', 14, (life, contact) => {
    const so = lived(life, contact)
    const catalogue = published(...life.journeys)
    for (const passage of so.history.enrollments) {
      const machine = machineOf(catalogue, passage.journey, passage.version)
      if (passage.ended === null) expect(machine.places.has(passage.step)).toBe(true)
      else expect(passage.due).toBeNull()
    }
    const ended = new Map<string, number>()
    for (const { what, enrollment, seq } of so.trace) {
      if (enrollment === null) continue
      expect(ended.has(enrollment), `${enrollment} after its end, entry ${seq}`).toBe(false)
      if (what === 'ended') ended.set(enrollment, seq)
    }
  })

  law('of one journey and key no two passages are live, but side by side', 15, (life, contact) => {
    expectAlone(lived(life, contact).history, published(...life.journeys))
  })

  law('a message goes out at most once, and none of a late event', 16, (life, contact) => {
    const so = lived(life, contact)
    expect(new Set(so.messages.map(({ message }) => message)).size).toBe(so.messages.length)
    const late = new Set(so.entries.filter((one) => one.late).map(({ seq }) => `${seq}`))
    for (const { message, skipped, at } of so.messages) {
      const began = message.split('.')[0] as string
      const entered = so.entries.find(({ seq }) => `${seq}` === began)
      if (late.has(began) && entered?.at === at) expect(skipped).toBe('late')
    }
  })

  law(
    'living through it is folding, one entry at a time and the earliest due wake-up',
    17,
    (life, contact) => {
      const so = lived(life, contact)
      let history = newHistory(contact)
      const catalogue = published(...life.journeys)
      for (const next of so.entries) {
        if (next.kind === 'wake') {
          const dues = history.enrollments.flatMap(({ ended, due }) =>
            ended === null && due !== null ? [due] : [],
          )
          expect(next.at).toBeLessThanOrEqual(Math.min(...dues.filter((due) => due >= next.at)))
        }
        history = fold(history, next, catalogue, 'UTC').history
      }
      expect(history).toEqual(so.history)
    },
  )
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
          const old = catalogueOf([
            { journey: first, version: 1, open: true },
            { journey: other, version: 1, open: true },
          ])
          const next = catalogueOf(
            [
              { journey: first, version: 1, open: false },
              { journey: second, version: 2, open: true },
              { journey: other, version: 1, open: true },
            ],
            old,
          )
          const [early, late] = [live(old, before, { contact, until: 960 }), 961]
          const publication =
            inside === 'stay'
              ? []
              : inside === 'move'
                ? [entry('move', late, { journey: 'one', version: 2 })]
                : [entry('leave', late, { journey: 'one', reason: 'x' })]
          const shifted = plain(after).map((one) => later(one, late))
          const entries = numbered(early.entries, [...publication, ...shifted])
          const fresh = (catalogue: readonly [Catalogue, Catalogue]) =>
            entries.reduce(
              (history, one) =>
                fold(history, one, one.at < START + late * HOUR ? catalogue[0] : catalogue[1], 'UTC').history,
              newHistory(contact),
            )
          const history = fresh([old, next])
          expectBalanced(history)
          expect(fresh([old, next])).toEqual(history)
          const live1 = history.enrollments.filter(
            ({ journey, version, ended }) => journey === 'one' && version === 1 && ended === null,
          )
          if (inside !== 'stay') expect(live1).toEqual([])
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
  return [
    ...entries,
    ...more.map((happens, index) => ({ ...happens, seq: entries.length + index + 1 })),
  ]
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
          const catalogue = published(...life.journeys)
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
          expectBalanced(history)
          expectAlone(history, catalogue)
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
  const waits = ({ history, failed }: Simulation, until: number) => {
    expect(failed).toEqual([])
    for (const { ended, due, step } of history.enrollments)
      expect(ended !== null || (due !== null && due > until), `waits in ${step} until ${due}`).toBe(true)
  }
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
          waits(lived(drawn, contact, end), START + end * HOUR)
        }),
        { seed, numRuns: RUNS },
      )
    })
  })
})
