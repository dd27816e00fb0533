import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contactFacts,
  factsRead,
  newContact,
  parseTemplate,
  piecesOf,
  render,
  renderUrl,
  type JsonObject,
} from '../../engine/index.ts'

const FACTS: JsonObject = {
  contact: {
    FIRSTNAME: 'Ada',
    NOTE: '<b>"Tom & Co"</b>',
    TRICK: '{{ contact.FIRSTNAME }}{% for i in (1..9) %}x{% endfor %}',
  },
  now: '2024-05-03T23:30:00.000Z',
}
const text = (source: string, facts = FACTS, escape = false) => {
  const result = render(source, facts, { escape })
  return result.ok ? result.text : `problem: ${result.detail}`
}

describe('filling in', () => {
  test.each([
    ['Hi {{ contact.FIRSTNAME | default: "there" }}', 'Hi Ada'],
    ['Hi {{ contact.LASTNAME | default: "there" }}', 'Hi there'],
    ['Hi {{ nobody.at.all }}!', 'Hi !'],
    ['{% if contact.FIRSTNAME == "Ada" %}yes{% else %}no{% endif %}', 'yes'],
    ['{{ contact.TRICK }}', '{{ contact.FIRSTNAME }}{% for i in (1..9) %}x{% endfor %}'],
  ])('%s is %s', (source, expected) => {
    expect(text(source)).toBe(expected)
  })

  test('data is escaped for HTML, and for nothing else', () => {
    expect(text('<p>{{ contact.NOTE }}</p>', FACTS, true)).toBe(
      '<p>&lt;b&gt;&#34;Tom &amp; Co&#34;&lt;/b&gt;</p>',
    )
    expect(text('{{ contact.NOTE }}')).toBe('<b>"Tom & Co"</b>')
  })

  test.each([
    ['https://crm.example/people/{{ contact.FIRSTNAME }}', 'https://crm.example/people/Ada'],
    ['/{{ contact.NOTE }}?', '/%3Cb%3E%22Tom%20%26%20Co%22%3C%2Fb%3E?'],
    ['/?q={{ "a+b&c=d#e/f?g" }}', '/?q=a%2Bb%26c%3Dd%23e%2Ff%3Fg'],
    ['/{{ nobody }}', '/'],
    ['/{{ contact.FIRSTNAME | raw }}/{{ 49.5 }}', '/Ada/49.5'],
  ])('in an address, %s is %s', (source, expected) => {
    expect(renderUrl(source, FACTS)).toEqual({ ok: true, text: expected })
  })

  test.each([
    '{{ contact.constructor }}',
    '{{ contact.__proto__.toString }}',
    '{{ contact.FIRSTNAME.constructor.name }}',
  ])('%s shows nothing of the language', (source) => {
    expect(text(source)).toBe('')
  })

  test('a contact is read by the names of its attributes and scores', () => {
    const contact = {
      ...newContact('c1', 0),
      email: 'ada@lovelace.org',
      attributes: { FIRSTNAME: 'Ada' },
      scores: { SCORE: 4950 },
      lists: ['Newsletter'],
      company: { id: 'acme', attributes: { name: 'Acme' } },
    }
    const facts = { contact: contactFacts(contact) }
    const source =
      '{{ contact.id }} {{ contact.FIRSTNAME }} {{ contact.SCORE }} {{ contact.email }} {{ contact.EMAIL }} {{ contact.lists | join: "," }} {{ contact.company.name }}'
    expect(text(source, facts)).toBe('c1 Ada 49.5 ada@lovelace.org ada@lovelace.org Newsletter Acme')
    expect(text('{{ contact.company.name }}|', { contact: contactFacts(newContact('c2', 0)) })).toBe('|')
  })
})

describe('time is an argument', () => {
  test.each([
    ['{{ "now" | date: "%Y-%m-%d %H:%M" }}', '2024-05-03 23:30'],
    ['{{ now | date: "%d.%m.%Y" }}', '03.05.2024'],
    ['{{ "today" | date_to_xmlschema }}', '2024-05-03T23:30:00+00:00'],
    ['{{ "now" | date_to_rfc822 }}', 'Fri, 03 May 2024 23:30:00 +0000'],
    ['{{ "now" | date_to_string }}', '03 May 2024'],
    ['{{ "now" | date_to_long_string }}', '03 May 2024'],
    ['{{ 0 | date: "%Y" }}', '1970'],
    ['{{ "86400" | date: "%d" }}', '02'],
    ['{{ "now" | date: "%H:%M", "Asia/Tokyo" }}', '08:30'],
    ['{{ "next tuesday" | date: "%Y" }}', 'next tuesday'],
    ['{{ "2024-05-03 10:00" | date: "%H" }}', '2024-05-03 10:00'],
    ['{{ nothing | date: "%Y" }}', ''],
  ])('%s is %s on every machine', (source, expected) => {
    expect(text(source)).toBe(expected)
  })

  test('dates are read in the zone of the facts', () => {
    expect(text('{{ "now" | date: "%Y-%m-%d %H:%M" }}', { ...FACTS, timezone: 'Europe/Berlin' })).toBe(
      '2024-05-04 01:30',
    )
  })

  test('without a now there is none', () => {
    expect(text('{{ "now" | date: "%Y" }}', {})).toBe('')
  })

  test('nothing is left to chance', () => {
    expect(text('{{ contact | sample }}')).toMatch(/^problem: undefined filter: sample/)
  })
})

describe('hostile templates stop, and say why', () => {
  test.each([
    ['a range of 100 million', '{% for i in (1..100000000) %}x{% endfor %}', /memory alloc limit exceeded/],
    [
      'loops in loops',
      `${'{% for i in (1..1000) %}'.repeat(4)}x${'{% endfor %}'.repeat(4)}`,
      /template render limit exceeded/,
    ],
    [
      'empty loops in loops',
      `${'{% for i in (1..1000) %}'.repeat(4)}${'{% endfor %}'.repeat(4)}`,
      /template render limit exceeded/,
    ],
    [
      'a text that doubles',
      `{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(60)}{{ a }}`,
      /memory alloc limit exceeded/,
    ],
    [
      'a long text written often',
      `{% for i in (1..2000) %}${'x'.repeat(10_000)}{% endfor %}`,
      /longer than|limit exceeded/,
    ],
    ['a file of the machine', '{% include "/etc/passwd" %}', /ENOENT/],
    ['a file of the machine, by name', '{% assign f = "/etc/passwd" %}{% render f %}', /ENOENT|expected/],
    ['a filter we do not have', '{{ contact.FIRSTNAME | shout }}', /undefined filter: shout/],
    ['a tag that is not closed', '{% if contact.FIRSTNAME %}', /not closed, line:1/],
    ['a source of a megabyte', 'x'.repeat(1_000_000), /parse length limit exceeded/],
    ['tags nested without end', '{% if a %}'.repeat(40_000), /stack|not closed/],
  ])('%s', (_name, source, problem) => {
    const result = render(source, FACTS, { escape: true })
    expect(result).toMatchObject({ ok: false, detail: expect.stringMatching(problem) })
  })

  test('what cannot be read is a problem before anything is filled in', () => {
    expect(parseTemplate('Hi {{ contact.FIRSTNAME | default: "you" }}')).toEqual({ ok: true })
    expect(parseTemplate('line one\n{% if %}')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('line:2'),
    })
    expect(parseTemplate('{{ a | shout }}')).toMatchObject({ ok: false })
    expect(parseTemplate('{{ a }}'.repeat(2_000))).toEqual({ ok: true })
    expect(parseTemplate('x{{ a }}'.repeat(2_001))).toEqual({
      ok: false,
      detail: 'it has 2001 places with Liquid, and may have 2000',
    })
  })

  test('a fault of ours is no problem of the template', () => {
    expect(() => parseTemplate(undefined as unknown as string)).toThrow(TypeError)
  })
})

test('thousands of different templates do not fill the memory: the ones used longest ago are forgotten', () => {
  const filler = 'x'.repeat(100_000)
  for (let n = 0; n < 120; n++) expect(text(`{{ contact.FIRSTNAME }}${filler}${n}`)).toBe(`Ada${filler}${n}`)
  expect(text(`{{ contact.FIRSTNAME }}${filler}0`)).toBe(`Ada${filler}0`)
})

describe('the pieces of a source', () => {
  const pieces = (source: string) => piecesOf(source).map(({ type, text }) => `${type}: ${text}`)

  test('are what stands there, what is put in, and what decides', () => {
    expect(
      pieces('Hi {{- contact["a}}b"] | default: "}}" }}!{% if a %}\n{% raw %}{{ b }}{% endraw %}'),
    ).toEqual([
      'literal: Hi ',
      'output: {{- contact["a}}b"] | default: "}}" }}',
      'literal: !',
      'tag: {% if a %}',
      'literal: \n',
      'tag: {% raw %}',
      'literal: {{ b }}',
      'tag: {% endraw %}',
    ])
    expect(pieces('')).toEqual([])
  })

  test('are one where it is no Liquid', () => {
    expect(pieces('Hi {{ contact')).toEqual(['literal: Hi {{ contact'])
  })

  test('are the same however many other sources are cut between', () => {
    const before = pieces('{{ a }}b')
    for (let n = 0; n < 600; n++) expect(pieces(`{{ a }}${n}`)).toEqual(['output: {{ a }}', `literal: ${n}`])
    expect(pieces('{{ a }}b')).toEqual(before)
  })

  test('make the source again', () => {
    const part = fc.constantFrom(
      '{{ a }}',
      '{% if b %}',
      '{{',
      '}}',
      '{%',
      '%}',
      'x',
      '\n',
      '"',
      "'",
      '|',
      '{% raw %}',
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const source = parts.join('')
        expect(
          piecesOf(source)
            .map(({ text }) => text)
            .join(''),
        ).toBe(source)
      }),
    )
  })
})

describe('the facts that a source reads', () => {
  const read = (source: string) =>
    factsRead(source).map(({ path, bare }) => `${path.join('.')}${bare ? ' bare' : ''}`)

  test('are bare where nothing stands for one that is missing', () => {
    expect(
      read(
        '{{ contact.A }}\n{{ contact.B | default: contact.C }} {% if contact.D %}{{ contact.D }}{% endif %}{{ x }}',
      ),
    ).toEqual(['contact.A bare', 'contact.B', 'contact.C', 'contact.D', 'x bare'])
    expect(read('{{ a | default: 1 }}{{ a }}')).toEqual(['a bare'])
    expect(read('{{ contact[event.key].x }} {% assign y = now %}{{ y }}')).toEqual([
      'contact bare',
      'event.key bare',
      'now',
    ])
  })

  test('are none where it is no Liquid', () => {
    expect(read('{{ a')).toEqual([])
  })
})
