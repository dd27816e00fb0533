/** Addresses in mails: which are some, and which nobody outside gets to. */
import { describe, expect, test } from 'vitest'
import { addressFault, isPrivateAddress } from '../../engine/index.ts'

describe('a link may lead', () => {
  test.each([
    'https://shop.eu',
    ' http://shop.eu:8080/a?b#c ',
    'https://bücher.example/ü',
    'https://[2001:db8::1]/x',
    'https://shop.eu/@ada',
    'https://shop.eu/{{ event.product }}?q={{ contact.X | default: "a b" }}',
    'https://shop.eu/{% if contact.VIP %}vip{% endif %}',
    '{{ company_url }}',
    '{{- company_url -}}/guide/{{ event.product }}',
    '{{ unsubscribe_url }}',
    'mailto:sales@shop.eu',
    'mailto:sales@shop.eu?subject=Hello',
    'tel:+49-30-(123)45',
  ])('to %s', (address) => {
    expect(addressFault(address)).toBeUndefined()
  })

  test.each([
    'shop.eu',
    'www.shop.eu',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://shop.eu',
    'https://',
    'https:///x',
    'https://ada:secret@shop.eu',
    'https://shop.eu/a b',
    'https://shop.eu/{{ event.product }} b',
    'https://shop.eu{{ contact.X }}',
    'https://{{ contact.SITE }}/x',
    '{{ contact.SITE }}',
    '{{ company_url }}.evil.eu',
    '{{ company_url }}{{ contact.X }}',
    '{{ company_url }}/a b',
    '{% if x %}https://shop.eu{% endif %}',
    '{{ company_url',
    'mailto:',
    'mailto:{{ contact.X }}',
    'tel:',
  ])('not to %s', (address) => {
    expect(addressFault(address)).toBe('no_address')
  })

  test('to nothing yet', () => {
    expect(addressFault(' ')).toBe('empty')
  })
})

test('pictures come from the web', () => {
  expect(addressFault('https://shop.eu/{{ event.product }}.png', 'picture')).toBeUndefined()
  expect(addressFault('{{ company_url }}/lamp.png', 'picture')).toBeUndefined()
  for (const address of ['mailto:a@b.eu', 'tel:+49', 'data:image/png;base64,A', 'cid:1'])
    expect(addressFault(address, 'picture')).toBe('no_address')
})

describe('nobody outside gets to', () => {
  test.each([
    'http://localhost:3000/x',
    'http://LOCALHOST',
    'http://shop.localhost/',
    'https://printer.local',
    'http://intranet/news',
    'http://127.0.0.1',
    'http://127.8.9.1:80/x',
    'http://10.0.0.4/{{ event.x }}',
    'http://192.168.1.1',
    'http://172.16.0.1',
    'http://172.31.255.1',
    'http://169.254.1.1',
    'http://0.0.0.0',
    'http://2130706433/',
    'http://[::1]/',
    'http://[fd00::1]/',
    'http://[FE80::1]/',
    'http://localhost./',
  ])('%s', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  test.each([
    'https://shop.eu',
    'https://localhost.eu',
    'https://mylocal.com',
    'http://172.32.0.1',
    'http://11.0.0.1',
    'http://[2001:db8::1]/',
    '{{ company_url }}',
    'mailto:root@localhost',
    '',
  ])('but to %s', (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  })
})
