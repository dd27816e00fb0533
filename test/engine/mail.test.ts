/** Mails made of blocks: what people read, in the design of the shipped mails, whatever anybody writes into them. */
import { describe, expect, test } from 'vitest'
import type { Block, MailContent } from '../../engine/dialect/mail.ts'
import { directionOf, framed, mailSources } from '../../engine/mail.ts'
import { render, type JsonObject } from '../../engine/index.ts'
import { MAIL_NAMES, shippedMail } from '../journeys/shipped.ts'

const SENDER = {
  company_name: 'Nordlicht',
  company_address: 'Hafen 12, Hamburg',
  company_url: 'https://nordlicht-lampen.de',
  unsubscribe_url: 'https://mail.nordlicht-lampen.de/u/3f9c',
}

/** The mail filled in. */
function filled(content: Partial<MailContent>, facts: JsonObject = {}) {
  const sources = mailSources({ subject: 'Hi', body: [], ...content }, 'promotional')
  return { html: rendered(sources.html, facts, true), text: rendered(sources.text, facts, false) }
}

function rendered(source: string, facts: JsonObject, escape: boolean): string {
  const result = render(source, { ...SENDER, contact: {}, ...facts }, { escape })
  if (!result.ok) throw new Error(result.detail)
  return result.text
}

/** What the card holds, and what the text says above the foot. */
function shown(body: readonly Block[], facts: JsonObject = {}) {
  const { html, text } = filled({ body }, facts)
  return { card: cardOf(html), text: text.split('\n\n--\n')[0] }
}

function between(html: string, from: string, to: string): string {
  const start = html.indexOf(from)
  const end = html.indexOf(to, start)
  if (start < 0 || end < 0) throw new Error(`no ${from} … ${to}`)
  return html.slice(start + from.length, end)
}

const cardOf = (html: string) =>
  between(html, '<!-- message -->\n', '                <!-- end of message -->')
/** Tags without what they look like. */
const bare = (html: string) =>
  html
    .replaceAll(/ (?:style|class|role|width|cellpadding|cellspacing|border|bgcolor|align)="[^"]*"/g, '')
    .replaceAll(/\s*\n\s*/g, '')
    .trim()

describe('the design', () => {
  test.each(MAIL_NAMES)('is the one of the shipped mail %s', (name) => {
    const { html } = shippedMail(name)
    const preheader = between(html, 'class="preheader"', '</div>')
    const foot = html.slice(html.indexOf('<!-- end of message -->'))
    const [, reason, unsubscribe] = Array.from(foot.matchAll(/<p style[^>]*>(.*?)<\/p>/g), ([, text]) => text)
    const frame = {
      dir: 'ltr',
      lang: 'en',
      title: between(html, '<title>', '</title>'),
      preview: preheader.slice(preheader.indexOf('>') + 1, preheader.indexOf('&#8199;')),
      message: cardOf(html).replace(/\n$/, ''),
      reason: reason as string,
      unsubscribe: (unsubscribe as string).replaceAll(/<[^>]*>/g, ''),
    } as const
    expect(framed(frame)).toBe(html)
  })

  test.each(MAIL_NAMES)('is the one of the parts of the shipped mail %s', (name) => {
    const { html, text } = shippedMail(name)
    const parts =
      /<h1[^>]*>(?<heading>.*?)<\/h1>|<p[^>]*>(?<text>.*?)<\/p>|<a href="(?<url>.*?)"[^>]*>(?<button>.*?)<\/a>/gs
    const body = Array.from(cardOf(html).matchAll(parts), ({ groups = {} }) =>
      Object.fromEntries(Object.entries(groups).filter(([, part]) => part)),
    ) as unknown as readonly Block[]
    const sources = mailSources({ subject: 'Hi', body }, 'promotional')
    expect(cardOf(sources.html)).toBe(cardOf(html))
    const flat = (source = '') => source.replaceAll(/\s+/g, ' ').trim()
    expect(flat(sources.text.split('--')[0])).toBe(flat(text.split('--')[0]))
  })
})

describe('texts', () => {
  test('are paragraphs where an empty line stands, and lines where a line ends', () => {
    const { card, text } = shown([{ text: 'Dear all,\r\nhello.\n \n\nSee you\n' }])
    expect(bare(card)).toBe('<p>Dear all,<br>hello.</p><p>See you</p>')
    expect(text).toBe('Dear all,\nhello.\n\nSee you')
  })

  test('may be bold and lead somewhere', () => {
    const { card, text } = shown([
      { text: 'Read **all [about us](https://a.eu/x_(y)?b=1&c=2)** or https://b.eu/z, ** not ** this.' },
    ])
    expect(bare(card)).toBe(
      '<p>Read <strong>all <a href="https://a.eu/x_(y)?b=1&amp;c=2">about us</a></strong> or ' +
        '<a href="https://b.eu/z">https://b.eu/z</a>, ** not ** this.</p>',
    )
    expect(text).toBe('Read all about us <https://a.eu/x_(y)?b=1&c=2> or https://b.eu/z, ** not ** this.')
  })

  test('lead nowhere where an address is none: they stay as they were written', () => {
    const { card } = shown([
      { text: '[a](javascript:alert(1)) [b](localhost) [c](http://{{ contact.X }}.eu)' },
    ])
    expect(bare(card)).toBe('<p>[a](javascript:alert(1)) [b](localhost) [c](http://.eu)</p>')
  })

  test('are never HTML, neither as written nor as filled in', () => {
    const hostile = '<img src=x onerror="alert(1)"> & {{ contact.email }}'
    const content: readonly Block[] = [
      { heading: `${hostile}{{ contact.X }}` },
      { text: `<b>"bold"</b> {{ contact.X }} [{{ contact.X }}](https://a.eu/"{{ contact.X }})` },
      { button: '<i>{{ contact.X }}', url: 'https://a.eu/?q={{ contact.X }}&amp;' },
      { image: 'https://a.eu/{{ contact.X }}.png', alt: '" onload="{{ contact.X }}', url: 'mailto:a@b.eu' },
    ]
    const { html } = filled(
      { subject: hostile, preview: hostile, body: content, foot: { reason: hostile, unsubscribe: hostile } },
      { contact: { X: hostile } },
    )
    const tags = Array.from(html.matchAll(/<([a-z0-9]+)/g), ([, tag]) => tag)
    expect(new Set(tags)).toEqual(
      new Set('html head meta title style body div table tr td p h1 a img'.split(' ')),
    )
    expect(html.match(/<img/g)).toHaveLength(1)
    expect(html).not.toMatch(/\son\w+\s*=\s*"?alert|href="[^"]*[<>\s]/)
    expect(html).not.toMatch(/<[^>]*onload="[^>]*>/)
  })

  test('show what contacts are called by their fields, with words where there is none', () => {
    const body: readonly Block[] = [{ text: 'Hello **{{ contact.FIRSTNAME | default: "there" }}**!' }]
    expect(bare(shown(body).card)).toBe('<p>Hello <strong>there</strong>!</p>')
    expect(shown(body, { contact: { FIRSTNAME: 'Zoë & Co' } })).toMatchObject({ text: 'Hello Zoë & Co!' })
    expect(bare(shown(body, { contact: { FIRSTNAME: 'Zoë & Co' } }).card)).toBe(
      '<p>Hello <strong>Zoë &amp; Co</strong>!</p>',
    )
  })

  test('keep the Liquid of experts: conditions around paragraphs, quotes, what is raw', () => {
    const text =
      '{% if contact.VIP == "yes & no" %}\n\nFor you.\n\n{% else %}\n\n{% comment %}<b>{% endcomment %}For all.\n\n{% endif %}\n\n{{ "}}<" }} {% raw %}{{ a < b }}{% endraw %}'
    const of = (VIP: string) => bare(shown([{ text }], { contact: { VIP } }).card)
    expect(of('yes & no')).toBe('<p>For you.</p><p>}}&lt; {{ a &lt; b }}</p>')
    expect(of('no')).toContain('<p>For all.</p>')
    expect(of('no')).not.toContain('For you')
  })

  test('with Liquid that cannot be read are refused when they are filled in, and break nothing before', () => {
    const { html } = mailSources({ subject: 'Hi', body: [{ text: 'a {{ b <c>' }] }, 'promotional')
    expect(html).toContain('a {{ b &lt;c&gt;')
    expect(render(html, {}, { escape: true }).ok).toBe(false)
  })

  test('cannot forge what is put aside', () => {
    expect(bare(shown([{ text: 'a\u00000\u0000 {{ contact.X }}' }], { contact: { X: 'b' } }).card)).toBe(
      '<p>a0 b</p>',
    )
  })
})

describe('links', () => {
  test('keep what a field puts into them in its place', () => {
    const { card, text } = shown(
      [
        { button: 'See it', url: ' https://a.eu/p/{{ contact.X }}?q={{- contact.X | upcase -}} ' },
        { button: 'At ours', url: '{{ company_url }}/x?{{ contact.X | url_encode }}' },
      ],
      { contact: { X: 'a b&c' } },
    )
    expect(card).toContain('href="https://a.eu/p/a%20b%26c?q=A%20B%26C"')
    expect(card).toContain('href="https://nordlicht-lampen.de/x?a+b%26c"')
    expect(text).toContain('See it:\nhttps://a.eu/p/a%20b%26c?q=A%20B%26C')
  })

  test('without an address are words', () => {
    const { card, text } = shown([
      { button: 'Later', url: '' },
      { image: 'data:image/png;base64,AAAA', alt: 'A lamp' },
    ])
    expect(bare(card)).toContain('<a>Later</a>')
    expect(bare(card)).toContain('<img alt="A lamp">')
    expect(text).toBe('Later\n\n[A lamp]')
  })
})

describe('blocks', () => {
  test('have one title, and smaller headings after it', () => {
    const { card, text } = shown([{ text: 'Hi' }, { heading: 'One' }, { heading: 'Two' }, { heading: ' ' }])
    expect(bare(card)).toBe('<p>Hi</p><h1>One</h1><h2>Two</h2>')
    expect(text).toBe('Hi\n\nOne\n\nTwo')
  })

  test('leave no space below the last', () => {
    const last = (block: Block) =>
      shown([{ text: 'a' }, block])
        .card.trim()
        .split('\n')
    expect(last({ text: 'b' }).at(-1)).toContain('margin:0;')
    expect(last({ heading: 'b' }).at(-1)).toContain('margin:0 0 0;')
    expect(last({ button: 'b', url: 'https://a.eu' })[1]).toContain('padding:8px 0 4px')
    expect(last({ image: 'https://a.eu/b.png', alt: '' }).at(-1)).toContain('padding:0 0 0')
  })

  test('say pictures in words to those who see none', () => {
    const url = 'https://a.eu/lamps'
    const picture = { image: 'https://a.eu/lamp.png', alt: 'A lamp' }
    expect(shown([picture, { ...picture, url }, { ...picture, alt: '' }]).text).toBe(
      '[A lamp]\n\nA lamp:\nhttps://a.eu/lamps',
    )
    expect(bare(shown([{ ...picture, url }]).card)).toBe(
      '<div><a href="https://a.eu/lamps"><img src="https://a.eu/lamp.png" alt="A lamp"></a></div>',
    )
  })
})

describe('around the message', () => {
  test('stand the preview, the sender, the reason and the way out', () => {
    const { html, text } = filled({
      preview: 'A word before',
      body: [{ text: 'Hi' }],
      foot: { reason: 'You asked us.', unsubscribe: 'Abmelden' },
    })
    expect(html).toMatch(/<div class="preheader" style="display:none;[^>]*>A word before&#8199;/)
    expect(html).toContain('>You asked us.</p>')
    expect(html).toContain(`<a href="${SENDER.unsubscribe_url}"`)
    expect(text).toBe(
      `Hi\n\n--\nNordlicht, Hafen 12, Hamburg\nYou asked us.\nAbmelden: ${SENDER.unsubscribe_url}`,
    )
  })

  test('nothing stands that nobody wrote, and those who unsubscribed get answers still', () => {
    const content = { subject: 'Hi', body: [] }
    const { html, text } = mailSources(content, 'newsletter')
    expect(html).not.toContain('preheader')
    expect(text).toBe('--\n{{ company_name }}, {{ company_address }}\nUnsubscribe: {{ unsubscribe_url }}')
    expect(mailSources(content, 'transactional').text).toContain('Unsubscribe from our other mails: ')
  })
})

describe('what is read from right to left', () => {
  test.each([
    ['مرحبا', 'rtl'],
    ['שלום', 'rtl'],
    ['Hello', 'ltr'],
    ['नमस्ते', 'ltr'],
    ['{{ contact.FIRSTNAME | default: "there" }}، شكرا', 'rtl'],
    ['Ada، شكرا جزيلا لك', 'rtl'],
    ['12 + {{ contact.X }}', undefined],
  ] as const)('%s', (source, direction) => {
    expect(directionOf(source)).toBe(direction)
  })

  test('is so for the whole mail by most of its letters, and for a block that differs', () => {
    const { html } = filled({
      body: [
        { heading: 'أهلا بك في متجرنا' },
        { text: '{{ contact.FIRSTNAME | default: "Ada" }}، شكرا لتسجيلك معنا' },
        { text: 'In English' },
        { text: '10 %' },
      ],
    })
    expect(html).toContain('<html dir="rtl">')
    expect(html).toContain('<table class="page" dir="rtl"')
    expect(html.match(/align="right"/g)).toHaveLength(3)
    expect(html).toMatch(/<p class="text" dir="ltr" style="[^"]*;text-align:left">In English/)
    expect(html).toMatch(/<p class="text" style="[^"]*">10 %/)
    const other = filled({ body: [{ text: 'Hello everybody' }, { text: 'مرحبا' }] }).html
    expect(other).toMatch(/<p class="text" dir="rtl" style="[^"]*;text-align:right">مرحبا/)
    expect(other).toContain('<html dir="ltr">')
  })
})
