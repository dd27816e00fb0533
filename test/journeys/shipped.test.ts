/** The files themselves: sound by our own checks, and readable on the canvas by somebody who did not draw them. */
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  branchesOf,
  checkJourney,
  describe as inWords,
  kindOf,
  parseJourneyText,
  stepsOf,
  triggersOf,
  type Journey,
  type Way,
} from '../../engine/index.ts'
import { JOURNEY_NAMES, journeyText, MAIL_NAMES, shippedJourney } from './shipped.ts'

const JOURNEYS = JOURNEY_NAMES.map(shippedJourney)
const UNSUBSCRIBED = { field: 'consent.email', operator: '=', value: 'unsubscribed' }
const CUSTOMER = { field: 'stage', operator: 'in', value: ['acquisition', 'retention'] }

const emailsOf = (journey: Journey) =>
  stepsOf(journey).flatMap(([, { entry }]) => (entry?.type === 'sendEmail' ? [entry.params] : []))

test('each finished mail is sent by one journey, and no journey sends another', () => {
  const templates = JOURNEYS.flatMap(emailsOf).map((params) =>
    'template' in params ? params.template : 'inline',
  )
  expect(templates.toSorted()).toEqual(MAIL_NAMES)
})

test('only what answers the person goes out without consent', () => {
  const types = JOURNEYS.flatMap((journey) =>
    emailsOf(journey).map(({ messageType }) => [journey.id, messageType]),
  )
  expect(Object.fromEntries(types)).toEqual({
    welcome: 'newsletter',
    guide: 'promotional',
    'case-study': 'promotional',
    'quote-received': 'transactional',
    acquisition: 'transactional',
  })
})

test('no two journeys have the same name', () => {
  expect(new Set(JOURNEYS.map(({ meta }) => meta.name)).size).toBe(JOURNEYS.length)
})

describe.each(JOURNEYS.map((journey) => [journey.id, journey] as const))('%s', (id, journey) => {
  test('may be published beside all the others, without a warning', () => {
    const parsed = parseJourneyText(journeyText(id))
    expect(parsed.ok ? [] : parsed.problems.map(inWords)).toEqual([])
    const problems = checkJourney(journey, { templates: MAIL_NAMES, segments: [], journeys: JOURNEYS })
    expect(problems.map(inWords)).toEqual([])
  })

  test('stands in the file of its name', () => {
    expect(JOURNEY_NAMES).toContain(journey.id)
    expect(id).toBe(journey.id)
  })

  test('says its purpose in its name, and in three sentences what starts it, what it does and when it ends', () => {
    const { name, description = '' } = journey.meta
    expect(name).toMatch(/^[A-Z][^:]+: [^.]+$/)
    const [starts, , ends, ...more] = description.split(/(?<=\.) /)
    expect(starts).toMatch(/^Starts when/)
    expect(ends).toMatch(/\bends\b/)
    expect(more).toEqual([])
  })

  test('has a label on every card and on every way that is a choice', () => {
    for (const [step, { meta, always, on, after }] of stepsOf(journey)) {
      expect(meta?.label, `the label of ${step}`).toMatch(/^[A-Z0-9]/)
      const ways = [always, ...Object.values(on ?? {}), ...Object.values(after ?? {})] as (Way | undefined)[]
      const branches = ways.flatMap(branchesOf)
      if (branches.length > 1 || on || after)
        for (const { meta: edge } of branches) expect(edge?.label, `a way of ${step}`).toBeTruthy()
    }
    for (const trigger of Object.values(journey.on).flatMap(triggersOf))
      expect(trigger.meta?.label).toBeTruthy()
  })

  test('says on every card what happens, without our jargon', () => {
    const texts = [
      journey.meta.name,
      journey.meta.description ?? '',
      ...stepsOf(journey).flatMap(([, { meta }]) => [meta?.label ?? '', meta?.note ?? '']),
      ...Object.values(journey.on)
        .flatMap(triggersOf)
        .map(({ meta }) => meta?.label ?? ''),
    ]
    expect(texts.join(' ')).not.toMatch(/SCORE|_|\bP\d|enrollment|trigger|parallel|webhook|attribute|[<>=]/)
  })

  test('lets go of people who unsubscribe, and before they are sold to again of people who buy', () => {
    const types = emailsOf(journey).map(({ messageType }) => messageType)
    const { goal, exits = [] } = journey.meta
    const leaves = exits.some(({ when }) => isDeepStrictEqual(when, UNSUBSCRIBED))
    expect(leaves).toBe(types.some((type) => type !== 'transactional'))
    expect(types.includes('promotional') ? goal?.when : CUSTOMER).toEqual(CUSTOMER)
  })

  test('says itself how often somebody may come in, where it waits or sends', () => {
    expect(journey.meta.reentry).toBeDefined()
    const quick = stepsOf(journey).every(
      ([, step]) => !['wait', 'waitFor', 'decay', 'email'].includes(kindOf(step)),
    )
    expect(journey.meta.reentry?.policy === 'parallel').toBe(quick)
  })
})
