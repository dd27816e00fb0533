/** Every shipped journey does what its description says: the cases beside the files, and what must hold in all of them. */
import { describe, expect, test } from 'vitest'
import { fold, newHistory } from '../../engine/index.ts'
import { casesOf, run, sumOf } from './cases.ts'
import { CASE_NAMES, JOURNEY_NAMES } from './shipped.ts'

const BANDS = ['New leads', 'Warm leads', 'Qualified leads', 'Sales-qualified leads']

test('every journey has cases', () => {
  expect(CASE_NAMES).toEqual(JOURNEY_NAMES)
})

describe.each(CASE_NAMES)('%s', (name) => {
  const cases = casesOf(name)
  test.each(cases.map((scene) => [scene.name, scene] as const))('%s', (_, scene) => {
    const { simulation, journeys, contact, seen } = run(name, scene)
    for (const { at, expected, got } of seen) expect(got, `${at} after the start`).toEqual(expected)

    expect(simulation.failed).toEqual([])
    expect(sumOf(simulation, 'SCORE')).toBe((simulation.history.contact.scores['SCORE'] ?? 0) / 100)
    let history = newHistory(contact)
    for (const entry of simulation.entries) {
      history = fold(history, entry, journeys, 'UTC').history
      const bands = history.contact.lists.filter((list) => BANDS.includes(list))
      expect(bands.length, `bands after entry ${entry.seq}: ${bands.join(', ')}`).toBeLessThanOrEqual(1)
      if (history.contact.stage === 'acquisition') expect(bands).toEqual([])
    }
    expect(history).toEqual(simulation.history)
  })
})
