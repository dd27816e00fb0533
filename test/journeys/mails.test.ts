/** What a careful marketer checks by hand before a mail goes out, checked for every shipped mail. */
import { describe, expect, test } from 'vitest'
import { render, type JsonObject } from '../../engine/index.ts'
import { MAIL_NAMES, shippedMail } from './shipped.ts'

const SENDER = {
  company_name: 'Nordlicht Lampen GmbH',
  company_address: 'Hafenstraße 12, 20457 Hamburg, Germany',
  company_url: 'https://nordlicht-lampen.de',
  unsubscribe_url: 'https://mail.nordlicht-lampen.de/u/3f9c',
}
const NOBODY = { ...SENDER, contact: {}, event: {} }

/** The mail filled in; with no facts but the sender's where none are given. */
function filled(name: string, facts: JsonObject = NOBODY) {
  const { subject, html, text } = shippedMail(name)
  return {
    subject: rendered(subject, facts, false),
    html: rendered(html, facts, true),
    text: rendered(text, facts, false),
  }
}

function rendered(source: string, facts: JsonObject, escape: boolean): string {
  const result = render(source, facts, { escape })
  if (!result.ok) throw new Error(result.detail)
  return result.text
}

/** Everything between two marks of the page. */
function between(html: string, from: string, to: string): string {
  const start = html.indexOf(from)
  const end = html.indexOf(to, start)
  if (start < 0 || end < 0) throw new Error(`no ${from} … ${to} in the mail`)
  return html.slice(start + from.length, end)
}

function visible(html: string): string {
  return flat(
    html
      .replaceAll(/<!--.*?-->/gs, ' ')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&'),
  )
}

function flat(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([.,])/g, '$1')
    .trim()
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
}

const message = (html: string) => between(html, '<!-- message -->', '<!-- end of message -->')
const foot = (html: string) => html.slice(html.indexOf('<!-- end of message -->'))
const preview = (html: string) => /<div class="preheader"[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? ''
const PADDING = /(?:&#8199;|&#65279;|&#847;| )+$/
const hrefs = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href as string)

test('the five finished mails are there', () => {
  expect(MAIL_NAMES).toEqual(['case-study', 'guide', 'quote-received', 'thank-you', 'welcome'])
})

describe.each(MAIL_NAMES)('the mail %s', (name) => {
  const mail = shippedMail(name)
  const { subject, html, text } = filled(name)

  test('has a subject that a telephone shows whole', () => {
    expect(subject.length).toBeGreaterThan(10)
    expect(subject.length).toBeLessThan(50)
    expect(subject).not.toMatch(/[&<>]|[A-Z]{4}|!!|\b(?:free|re:)/)
  })

  test('has a preview text of its own, which nobody sees in the mail itself', () => {
    const shown = preview(html).replace(PADDING, '')
    expect(shown.length).toBeGreaterThanOrEqual(40)
    expect(shown.length).toBeLessThanOrEqual(90)
    expect(shown).not.toContain(subject)
    expect(html).toMatch(/<body[^>]*>\s*<div class="preheader" style="display:none;/)
    expect(message(html)).not.toContain(shown)
    // Without padding, mail programs go on with the first words of the mail.
    expect(preview(html)).toMatch(PADDING)
  })

  test('asks for one thing: one button, and else only the way out', () => {
    expect(message(mail.html).match(/<a /g)).toHaveLength(1)
    expect(mail.html.match(/<a /g)).toHaveLength(2)
    expect(mail.html.match(/class="button"/g)).toHaveLength(1)
    const label = visible(between(message(html), '<div class="button"', '</div>').replace(/^[^>]*>/, ''))
    expect(wordsOf(label).length).toBeGreaterThan(1)
    expect(wordsOf(label).length).toBeLessThan(6)
    expect(label).not.toMatch(/click here|learn more|submit/i)
  })

  test('says it in 60 to 120 words, with and without the foot', () => {
    const body = wordsOf(visible(message(html))).length
    const all = wordsOf(visible(html.slice(html.indexOf('</div>') + 6))).length
    expect(body).toBeGreaterThanOrEqual(60)
    expect(all).toBeLessThanOrEqual(120)
    expect(wordsOf(text).length).toBeLessThanOrEqual(120)
  })

  test('says the same as plain text', () => {
    const withAddress = (part: string) =>
      part.replaceAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/gs, '$2: $1')
    expect(flat(text)).toBe(`${visible(withAddress(message(html)))} -- ${visible(withAddress(foot(html)))}`)
  })

  test('reads well as plain text', () => {
    expect(text).not.toMatch(/<[a-z]|&[a-z#]|\t|\n{3}|[ ]\n/)
    // Addresses stand on lines of their own, so that no mail program cuts them.
    expect(text).toMatch(/:\nhttps:\/\/nordlicht-lampen\.de\/[a-z-]+\n/)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('ends with the sender, the postal address, the reason and the way out', () => {
    const [, below] = text.split('\n--\n') as [string, string]
    for (const part of [visible(foot(html)), below]) {
      expect(part).toContain(SENDER.company_name)
      expect(part).toContain(SENDER.company_address)
      expect(part).toMatch(/You get this mail because you [a-z ]+\./)
      expect(part).toMatch(/Unsubscribe/)
    }
    expect(hrefs(foot(html))).toEqual([SENDER.unsubscribe_url])
    expect(below).toContain(`: ${SENDER.unsubscribe_url}`)
  })

  test('reads well for somebody of whom we know nothing', () => {
    for (const source of [mail.subject, mail.html, mail.text])
      for (const [tag, output] of source.matchAll(/\{\{-?\s*(.*?)\s*-?\}\}/gs) as Iterable<[string, string]>)
        if (!Object.hasOwn(SENDER, output)) expect(tag).toMatch(/\| default: "[^"]+"/)
    expect(text).toContain('Hello there,')
    expect(`${visible(html)} ${subject} ${text}`).not.toMatch(/undefined|null|\{\{|\}\}|\{%|\[object| [,.]/)
  })

  test('takes what a contact says for text, never for HTML', () => {
    const hostile = '<a href="https://evil.test">{{ contact.email }}</a>'
    const known = filled(name, { ...NOBODY, contact: { FIRSTNAME: hostile }, event: { product: hostile } })
    expect(known.html.match(/<a /g)).toHaveLength(2)
    expect(known.text).toContain(`Hello ${hostile},`)
  })

  test('greets by name where we know it', () => {
    expect(filled(name, { ...NOBODY, contact: { FIRSTNAME: 'Ada' } }).text).toContain('Hello Ada,')
  })

  test('leads only to the own site', () => {
    const [button, out] = hrefs(mail.html)
    expect(button).toMatch(/^\{\{ company_url \}\}\/[a-z-]+$/)
    expect(out).toBe('{{ unsubscribe_url }}')
    expect(mail.html.replaceAll(/<!--.*?-->/gs, '')).not.toMatch(
      /https?:|src=|url\(|@import|<(?:img|script|form|link|svg)/,
    )
  })

  test('looks good on a telephone, in the dark and in Outlook', () => {
    expect(mail.html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark">')
    expect(mail.html).toContain('@media (prefers-color-scheme: dark)')
    expect(mail.html).toContain('@media (max-width: 600px)')
    expect(mail.html).toContain('max-width:600px')
    expect(mail.html).toContain('<!--[if mso]>')
    expect(mail.html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/)
    // Screen readers must not read the tables out as tables.
    expect(mail.html.match(/<table(?![^>]*role="presentation")/g)).toBeNull()
    // Gmail cuts what is longer than 102 KB.
    expect(mail.html.length).toBeLessThan(20_000)
  })

  test('claims nothing it cannot know', () => {
    expect(`${mail.subject} ${mail.html} ${mail.text}`).not.toMatch(
      /lorem|ipsum|example\.(?:com|org)|451|TODO|guarantee|best in|number one|#1\b/i,
    )
    expect(visible(message(html))).not.toMatch(/\d ?%/)
  })
})
