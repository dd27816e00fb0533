import { DomUtils, parseDocument } from 'htmlparser2'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { newContact, type Contact } from '../../engine/index.ts'
import { openSmtp } from '../../server/channels/smtp.ts'
import { compose, type MessageToCompose } from '../../server/messages/compose.ts'
import { decodeToken } from '../../server/messages/tokens.ts'
import { startSmtpServer } from '../support/smtp.ts'

describe('links', () => {
  test('web links are tracked, each address once, and the table has where they lead', () => {
    const { links, html } = made(
      '<a href="https://acme.eu/a?x=1&amp;y=2">A</a> <a href="https://acme.eu/b">B</a> <a href=" https://acme.eu/b ">B again</a>',
    )
    expect(links).toEqual([
      { number: 1, url: 'https://acme.eu/a?x=1&y=2' },
      { number: 2, url: 'https://acme.eu/b' },
    ])
    const clicks = hrefs(html).filter((href) => href.includes('/t/c/'))
    expect(clicks.map(tokenOf)).toEqual([1, 2, 2].map((link) => ({ kind: 'click', message: MESSAGE, link })))
  })

  test('mail addresses and telephone numbers stay as they are', () => {
    const { html, links } = made('<a href="mailto:a@acme.eu?subject=Hi">M</a><a href="tel:+4930123456">T</a>')
    expect(hrefs(html).slice(0, 2)).toEqual(['mailto:a@acme.eu?subject=Hi', 'tel:+4930123456'])
    expect(links).toEqual([])
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '&#106;avascript:alert(1)',
    ' \u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '/relative',
    '//acme.eu/no-scheme',
    '#top',
    '',
  ])('%j loses its address', (href) => {
    const { html, links } = made(
      `<a href="${href.replaceAll('"', '&quot;')}">text</a><form action="${href.replaceAll('"', '&quot;')}"></form>`,
    )
    expect(html).toContain('>text</a>')
    expect(hrefs(html)).toEqual([expect.stringContaining('/t/h/')])
    expect(html).not.toContain('action=')
    expect(links).toEqual([])
  })

  test('what runs or loads by itself is taken out', () => {
    const { html } = made(
      '<base href="https://evil.eu/"><script>x</script><iframe src="https://evil.eu"></iframe><p onclick="x()" ONLOAD="y()">hello</p><meta http-equiv="Refresh" content="0;url=https://evil.eu"><img src="javascript:x" alt="pic">',
    )
    expect(html).toMatch(/^<p>hello<\/p><img alt="pic">/)
    expect(html).not.toContain('evil')
  })

  test('the unsubscribe link is not tracked', () => {
    const { html, links, mail } = made('<a href="{{ unsubscribe_url }}">Unsubscribe</a>')
    const [href = ''] = hrefs(html)
    expect(href).toMatch(/^https:\/\/go\.acme\.eu\/u\//)
    expect(tokenOf(href)).toEqual({ kind: 'unsubscribe', message: MESSAGE })
    expect(mail.headers['List-Unsubscribe']).toBe(`<${href}>`)
    expect(links).toEqual([])
  })

  test('the pixel and the trap stand at the end of the body; the trap is its last link, and nobody sees it', () => {
    const { html } = made(
      '<html><head><title>t</title></head><body><p>x</p><a href="https://acme.eu">A</a></body></html>',
    )
    const document = parseDocument(html)
    const links = DomUtils.getElementsByTagName('a', DomUtils.getElementsByTagName('body', document))
    const trap = links.at(-1) ?? expect.unreachable()
    expect(trap.attribs).toMatchObject({
      'aria-hidden': 'true',
      tabindex: '-1',
      style: expect.stringContaining('display:none'),
    })
    expect(tokenOf(trap.attribs['href'] ?? '')).toEqual({ kind: 'trap', message: MESSAGE })
    expect(DomUtils.textContent(trap)).toBe('')
    const pixel = DomUtils.getElementsByTagName('img', document).at(-1)
    expect(pixel?.attribs).toMatchObject({ width: '1', height: '1', alt: '' })
    expect(tokenOf(pixel?.attribs['src'] ?? '')).toEqual({ kind: 'open', message: MESSAGE })
    expect(html).toMatch(/<\/body><\/html>$/)
  })

  test('BASE_URL may have a path and a slash at its end', () => {
    const { html } = made('<p>x</p>', { workspace: { ...WORKSPACE, baseUrl: 'https://acme.eu/mail/' } })
    expect(hrefs(html)[0]).toMatch(/^https:\/\/acme\.eu\/mail\/t\/h\/[\w-]+$/)
  })
})

describe('what people type is only text', () => {
  const mallory: Contact = {
    ...ADA(),
    attributes: {
      FIRSTNAME: '<a href="https://evil.eu">x</a> https://evil.eu/ {{ unsubscribe_url }}\r\nBcc: all@acme.eu',
    },
  }

  test('in HTML', () => {
    const { html, links } = made(
      '<p>Hi {{ contact.FIRSTNAME }}</p><a href="https://acme.eu/?n={{ contact.FIRSTNAME | url_encode }}">go</a>',
      { contact: mallory },
    )
    expect(html).toContain('Hi &lt;a href=')
    expect(html).toContain('{{ unsubscribe_url }}')
    expect(links.map(({ url }) => new URL(url).host)).toEqual(['acme.eu'])
  })

  test('in a subject: one line, no entities', () => {
    const { mail } = made('<p>x</p>', {
      contact: mallory,
      subject: 'Q&A for {{ contact.FIRSTNAME }}\u2028\u0007!',
    })
    expect(mail.subject).toBe(
      'Q&A for <a href="https://evil.eu">x</a> https://evil.eu/ {{ unsubscribe_url }} Bcc: all@acme.eu !',
    )
    expect(mail.headers['Subject']).toBe(mail.subject)
  })

  test('in a text part: it gets no link of ours', () => {
    const { mail, links } = made('<a href="https://acme.eu/a">A</a>', {
      contact: mallory,
      text: 'Hi {{ contact.FIRSTNAME }}',
    })
    expect(mail.text).toContain('https://evil.eu/ {{ unsubscribe_url }}')
    expect(links).toEqual([{ number: 1, url: 'https://acme.eu/a' }])
  })
})

describe('the text part', () => {
  test('is made from the HTML: tracked links, no pictures, no preview text, no trap', () => {
    const { mail, html } = made(
      '<html><head><title>t</title><style>p{color:red}</style></head><body><div style="display:none;max-height:0">Preview text</div><img src="https://acme.eu/logo.png" alt="Logo"><h1>Hello Ada</h1><p>Read the <a href="https://acme.eu/guide">guide</a>.</p><p>{{ company_name }} &amp; friends, {{ company_address }}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>',
    )
    const [guide, unsubscribe] = hrefs(html)
    expect(mail.text.split(/\n+/)).toEqual([
      'Hello Ada',
      `Read the guide <${guide}>.`,
      'Acme & friends, 1 Acme Street',
      `Unsubscribe <${unsubscribe}>`,
    ])
    expect(html).toContain('<div style="display:none;max-height:0">Preview text</div>')
  })

  test('made from a layout of tables reads line by line', () => {
    const { mail } = made(
      '<table><tr><td>Order</td><td>42</td></tr><tr><td><p>Thank you</p></td></tr></table>',
    )
    expect(mail.text).toBe('Order\n42\n\nThank you')
  })

  test('given, is filled in without entities, and its links are tracked like those of the HTML', () => {
    const { mail, html, links } = made('<a href="https://shop.eu/a">A</a>', {
      text: 'Tom & Ada: https://shop.eu/a, (https://acme.eu/only-here). {{ company_url }}/x\nOther: https://other.eu/{{ contact.FIRSTNAME }}!\nStop: {{ unsubscribe_url }}',
    })
    expect(links.map(({ url }) => url)).toEqual([
      'https://shop.eu/a',
      'https://acme.eu/only-here',
      'https://acme.eu/x',
      'https://other.eu/Ada',
    ])
    const [first] = hrefs(html)
    expect(mail.text).toMatch(/^Tom & Ada: \S+, \(\S+\)\. \S+\nOther: \S+!\nStop: \S+$/)
    expect(mail.text).toContain(`${first}, (`)
    expect(mail.text.match(/\/t\/c\//g)).toHaveLength(4)
    expect(mail.text).toMatch(/Stop: https:\/\/go\.acme\.eu\/u\/[\w-]+$/)
  })
})

describe('headers', () => {
  test('say who, what and how to get out with one click', () => {
    const { mail } = made('<p>x</p>', { messageType: 'newsletter', journey: 'welcome-mail' })
    expect(mail.headers).toEqual({
      From: 'Acme <hello@acme.eu>',
      To: 'ada@lovelace.org',
      Subject: 'Hello Ada',
      Date: 'Fri, 03 May 2024 10:00:00 +0000',
      'Message-ID': mail.messageId,
      'List-Unsubscribe': expect.stringMatching(/^<https:\/\/go\.acme\.eu\/u\/[\w-]+>$/),
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
      'Feedback-ID': 'welcome:welcome-mail:newsletter:tidemark',
    })
  })

  test('of a transactional message offer no way out of it', () => {
    const { mail } = made('<p>x</p>', { messageType: 'transactional' })
    expect(Object.keys(mail.headers).filter((name) => name.startsWith('List-'))).toEqual([])
  })

  test('the same message composed again is the same, byte for byte', () => {
    const html =
      '<p>Hi {{ contact.FIRSTNAME }} {{ "now" | date: "%H:%M" }} <a href="https://acme.eu">A</a></p>'
    expect(made(html)).toEqual(made(html))
    expect(made(html).html).toContain('Hi Ada 10:00')
  })
})

describe('what cannot be made is said', () => {
  test.each([
    ['a template that cannot be read', { html: '{% if %}' }, /^the html cannot be made: /],
    [
      'a subject that cannot be read',
      { subject: '{{ a | shout }}' },
      /^the subject cannot be made: undefined filter/,
    ],
    ['a text that cannot be read', { text: '{% for %}' }, /^the text cannot be made: /],
    ['an empty subject', { subject: ' {{ event.title }}\n' }, /^the subject cannot be made: it is empty/],
    ['a loop without end', { html: '{% for i in (1..100000000) %}x{% endfor %}' }, /memory alloc limit/],
    ['a tower of elements', { html: '<b>'.repeat(100_000) }, /more than 200 deep/],
  ])('%s', (_name, template, detail) => {
    const composition = compose(input({ subject: 'x', html: '<p>x</p>', ...template }))
    expect(composition).toMatchObject({ ok: false, detail: expect.stringMatching(detail) })
  })

  test('a contact without an address', () => {
    expect(
      compose({ ...input({ subject: 'x', html: 'x' }), contact: { ...ADA(), email: null } }),
    ).toMatchObject({ ok: false })
  })
})

test('what was composed is what arrives by SMTP', async () => {
  const server = await startSmtpServer()
  const channel = openSmtp({ url: server.url })
  const { mail } = made(
    '<html><body><p>Schöne Grüße, {{ contact.FIRSTNAME }}: ≥ 10 €</p><a href="https://acme.eu/ä">Los</a></body></html>',
    { subject: 'Grüße — für dich, {{ contact.FIRSTNAME }} 🎉' },
  )
  expect(await channel.send(mail)).toMatchObject({ type: 'sent' })
  channel.close()
  await server.stop()
  const { raw } = server.mails[0] ?? expect.unreachable()
  const arrived = await PostalMime.parse(raw)
  expect(arrived.html?.trim()).toBe(mail.html)
  expect(arrived.text?.trim()).toBe(mail.text)
  expect(arrived.subject).toBe(mail.subject)
  expect(arrived.messageId).toBe(mail.messageId)
  const { From: _from, Subject: _subject, ...others } = mail.headers
  expect(
    Object.fromEntries(arrived.headers.map(({ originalKey, value }) => [originalKey, value])),
  ).toMatchObject(others)
})

const MESSAGE = '1042.1/welcome/1'
const SECRET = 'secret'
const WORKSPACE = {
  baseUrl: 'https://go.acme.eu',
  mailFrom: 'Acme <hello@acme.eu>',
  companyName: 'Acme',
  companyAddress: '1 Acme Street',
  companyUrl: 'https://acme.eu',
}

function ADA(): Contact {
  return { ...newContact('c1', 0), email: 'ada@lovelace.org', attributes: { FIRSTNAME: 'Ada' } }
}

function input(template: MessageToCompose['template']): MessageToCompose {
  return {
    message: MESSAGE,
    contact: ADA(),
    template,
    messageType: 'promotional',
    facts: { event: { quantity: 2 } },
    workspace: WORKSPACE,
    secret: SECRET,
    now: Date.UTC(2024, 4, 3, 10),
  }
}

type Changes = Partial<Omit<MessageToCompose, 'template'>> & {
  readonly subject?: string
  readonly text?: string
}

function made(html: string, { subject = 'Hello {{ contact.FIRSTNAME }}', text, ...changes }: Changes = {}) {
  const composition = compose({
    ...input({ subject, html, ...(text !== undefined && { text }) }),
    ...changes,
  })
  if (!composition.ok) throw new Error(composition.detail)
  return { ...composition, html: composition.mail.html }
}

function hrefs(html: string): string[] {
  return DomUtils.getElementsByTagName('a', parseDocument(html)).flatMap(
    ({ attribs }) => attribs['href'] ?? [],
  )
}

function tokenOf(url: string) {
  return decodeToken(url.slice(url.lastIndexOf('/') + 1), SECRET)
}
