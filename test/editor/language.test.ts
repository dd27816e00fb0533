/** The made-up languages that show what a real translation would cut off or reverse. */
import { expect, test } from 'vitest'
import { directionOf, spoken } from '../../editor/words/language.ts'

const english = {
  save: 'Save',
  people: (count: number) => `${count} people`,
  pages: { empty: '' },
  some: ['One'],
}

test('English is said as it stands', () => expect(spoken(english, 'en')).toBe(english))

test('a made-up language is at least 40 % longer, in sentences with values, too', () => {
  const words = spoken(english, 'pseudo')
  expect(words.save).toMatch(/^Sávé lōng/)
  expect(words.people(3)).toMatch(/^3 péöplé lōng/)
  expect(words.people(3).length).toBeGreaterThanOrEqual('3 people'.length * 1.4)
  expect(words.pages.empty).toBe('')
  expect(words.some).toEqual(['Öné lōng'])
})

test('one of them reads from right to left', () =>
  expect([directionOf('en'), directionOf('pseudo'), directionOf('pseudo-rtl')]).toEqual([
    'ltr',
    'ltr',
    'rtl',
  ]))
