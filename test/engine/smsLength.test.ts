/** How many SMS a text is: GSM 03.38 and its exceptions. */
import { describe, expect, test } from 'vitest'
import { smsLengthOf } from '../../engine/index.ts'

describe('a text is so many SMS', () => {
  const a = (count: number) => 'a'.repeat(count)
  test.each([
    ['nothing', '', 'GSM-7', 1],
    ['one that is full', a(160), 'GSM-7', 1],
    ['one letter more', a(161), 'GSM-7', 2],
    ['two that are full', a(306), 'GSM-7', 2],
    ['three', a(307), 'GSM-7', 3],
    ['Greek and accents of the basic table', 'ÅåÆæßÉ¤ÄÖÑÜ§¿äöñüàΔΦΓΛΩΠΨΣΘΞ\n@£$¥èéùìòÇØø_', 'GSM-7', 1],
    ['a euro takes two places', `${a(158)}€`, 'GSM-7', 1],
    ['and does not fit into one', `${a(159)}€`, 'GSM-7', 2],
    ['a euro is not cut in two', `${a(152)}€${a(152)}`, 'GSM-7', 3],
    ['the same without it', `${a(153)}${a(153)}`, 'GSM-7', 2],
    ['all of the second table', '\f^{}\\[~]|€'.repeat(8), 'GSM-7', 1],
    ['and one more', `${'\f^{}\\[~]|€'.repeat(8)}^`, 'GSM-7', 2],
    ['ç is in no table (Ç is)', 'ç', 'UCS-2', 1],
    ['70 of another alphabet', 'я'.repeat(70), 'UCS-2', 1],
    ['71', 'я'.repeat(71), 'UCS-2', 2],
    ['134', 'я'.repeat(134), 'UCS-2', 2],
    ['135', 'я'.repeat(135), 'UCS-2', 3],
    ['one such letter changes all', `${a(70)}’`, 'UCS-2', 2],
    ['an emoji takes two places', '😀'.repeat(35), 'UCS-2', 1],
    ['and is not cut in two', '😀'.repeat(67), 'UCS-2', 3],
  ])('%s', (_, text, encoding, segments) => {
    expect(smsLengthOf(text)).toMatchObject({ encoding, segments })
  })
})

test.each([
  ['a'.repeat(152), 152, 160, undefined],
  ['a'.repeat(161), 161, 306, undefined],
  ['Hi, مرحبا', 9, 70, 'م'],
  ['م'.repeat(81), 81, 134, 'م'],
])('how full it is, and why there is less room', (text, used, room, because) => {
  expect(smsLengthOf(text)).toMatchObject({ used, room, because })
})
