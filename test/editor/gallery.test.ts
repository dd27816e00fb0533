/** How new journeys come to be: ids made of names, and what a file is before it is imported. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idAt, idFrom } from '../../editor/builder/gallery/ids.ts'
import { readImport } from '../../editor/builder/gallery/importing.ts'
import { parseJourney, printJourney } from '../../engine/index.ts'
import { emptyDraft } from '../../editor/builder/document/draft.ts'
import { JOURNEY_NAMES, journeyText, shippedJourney } from '../journeys/shipped.ts'

describe('an id', () => {
  test.each([
    ['Welcome', 'welcome'],
    ['Café: 2 days later!', 'cafe-2-days-later'],
    ['Ünüvar & Söhne', 'unuvar-sohne'],
    ['30 days quiet', 'journey-30-days-quiet'],
    ['مرحبا', 'journey'],
    ['Constructor', 'journey-constructor'],
  ])('of “%s” is %s', (name, id) => {
    expect(idFrom(name)).toBe(id)
  })

  test('is one, whatever the name, also with a number behind it, and no two are the same', () => {
    const law = fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.nat(9_999), (name, index) => {
      const id = idAt(idFrom(name), index)
      const result = parseJourney(emptyDraft(id, 'A'))
      expect(result.ok ? [] : result.problems.filter(({ path }) => path === '/id')).toEqual([])
      expect(id).not.toBe(idAt(idFrom(name), index + 1))
    })
    expect(fc.check(law).counterexample).toBeNull()
  })
})

describe('a text to import', () => {
  test.each(JOURNEY_NAMES)('is the shipped %s, as it was exported', (name) => {
    const journey = shippedJourney(name)
    const read = readImport(journeyText(name))
    expect(read).toMatchObject({
      fits: true,
      id: name,
      name: journey.meta.name,
      draft: journey,
      problems: [],
    })
    expect(read.fits && printJourney(read.document)).toBe(journeyText(name))
  })

  test.each([
    ['nothing', '{', /^line 1, column 2: expected/],
    ['a list', '[]', /one object/],
    ['a number', '7', /one object/],
  ])('that is %s is refused with the reason', (_, text, why) => {
    expect(readImport(text)).toMatchObject({ fits: false, why: expect.stringMatching(why) })
  })

  test('may have anything wrong with it, which is told', () => {
    const read = readImport('{ "id": 7, "meta": { "name": 8 }, "states": {} }')
    expect(read).toMatchObject({ fits: true, id: '', name: '', draft: null })
    expect(read.fits && read.problems.length).toBeGreaterThan(3)
  })
})
