import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { byPath, describe, nearest, oneOf, pointer, problem } from '../../engine/problem.ts'

test('a path is a JSON Pointer that finds the part again', () => {
  expect(pointer([])).toBe('')
  expect(pointer(['a/b', '~c', 0, ''])).toBe('/a~1b/~0c/0/')
  fc.assert(
    fc.property(fc.array(fc.string()), (path) => {
      const read = pointer(path)
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      expect(read).toEqual(path)
    }),
  )
})

test('a problem is one line: where, what was expected, what came', () => {
  const delay = problem('unexpected', ['states', 'pause', 'after'], 'a delay such as "P3D"', '3 dys')
  expect(describe(delay)).toBe('/states/pause/after: expected a delay such as "P3D", got "3 dys"')
  expect(delay.severity).toBe('error')
  expect(describe(problem('json_syntax', [], 3, 7, 'a value', '"]"'))).toBe(
    'line 3, column 7: expected a value, got "]"',
  )
  expect(problem('parallel_sends', [], 'Welcome').severity).toBe('warning')
  expect(problem('bad_address', [], 'https://{{ contact.SHOP }}').detail).toContain('only behind the host')
  expect(problem('bad_address', [], 'shop').detail).not.toContain('{{')
  expect(problem('cannot_send', [], ['MAIL_FROM is missing', 'BASE_URL is private']).detail).toBe(
    'this journey sends e-mail, and mail cannot go out yet: MAIL_FROM is missing; BASE_URL is private',
  )
})

test('no sentence repeats huge input', () => {
  const huge = 'x'.repeat(10_000)
  const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key${index}`, 1]))
  for (const value of [huge, wide, [huge], 10n ** 500n])
    expect(problem('unexpected', [], 'a text', value).detail.length).toBeLessThan(140)
  expect(problem('unknown_step', [], huge).detail.length).toBeLessThan(200)
  expect(problem('endless_loop', [], ['a', 'b', 'c', 'd', 'e', 'f', 'g']).detail).toContain(
    'a, b, c, d, e and 2 more follow',
  )
})

test('what came is named in words', () => {
  const came = (value: unknown) =>
    problem('unexpected', [], 'x', value).detail.slice('expected x, got '.length)
  expect(['a', 1, true, null, undefined, [], [1], {}, { a: 1 }, () => 1, Symbol('s')].map(came)).toEqual([
    '"a"',
    '1',
    'true',
    'null',
    'nothing',
    'an empty list',
    'a list of 1',
    'an empty object',
    'an object with a',
    'a function',
    'a symbol',
  ])
})

test('the word that was probably meant is near: a third of its letters', () => {
  const words = ['update', 'email', 'wait', 'waitFor']
  expect(
    ['updat', 'emial', 'WAIT', 'waitfor', 'wiat', 'zebra', '', 'x'.repeat(500)].map((word) =>
      nearest(word, words),
    ),
  ).toEqual(['update', 'email', 'wait', 'waitFor', 'wait', undefined, undefined, undefined])
  expect(nearest('a', [])).toBeUndefined()
})

test('choices are listed as they would be written', () => {
  expect(oneOf(['a'])).toBe('"a"')
  expect(oneOf(['a', 1])).toBe('one of "a", 1')
})

test('problems are in the order of their paths, those at one path as they came', () => {
  const problems = [
    problem('no_trigger', ['on']),
    problem('unreachable_step', ['a'], 'x'),
    problem('no_time_out', ['a'], 'x'),
  ]
  expect(byPath(problems).map(({ code }) => code)).toEqual(['unreachable_step', 'no_time_out', 'no_trigger'])
})
