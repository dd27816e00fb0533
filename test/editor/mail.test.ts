/** Texts with fields, the parts of a mail, the count of an SMS, and that it rings by day: as forms read and write them. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReachedByDay, onlyByDay } from '../../editor/builder/document/byDay.ts'
import { isRefusal } from '../../editor/builder/document/command.ts'
import { insertStep } from '../../editor/builder/document/commands.ts'
import type { Draft } from '../../editor/builder/document/draft.ts'
import type { Place } from '../../editor/builder/document/places.ts'
import { blockKind, changedForm, mailForm, movedBlock, NEW_BLOCK } from '../../editor/builder/mail/content.ts'
import { fieldGroups, fieldOf, fieldSource, textParts } from '../../editor/builder/mail/fields.ts'
import { messageProblems, reasonsIn } from '../../editor/builder/mail/reasons.ts'
import { smsCount } from '../../editor/builder/mail/smsCount.ts'
import { inScheme } from '../../editor/messages/mailHtml.ts'
import { parseMessage, type Step } from '../../engine/index.ts'
import { END } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'

describe('a text with fields', () => {
  const shown = (source: string) =>
    textParts(source).map((part) =>
      part.type === 'field' ? `[${part.field.name}|${part.field.fallback ?? '-'}]` : part.source,
    )

  test('shows fields as pieces and leaves other Liquid as text', () => {
    expect(
      shown(
        'Hi {{ contact.FIRSTNAME | default: "there" }}, {{contact.CITY}} {{ event["plan name"] | default: \'\' }} {{ company_url }}',
      ),
    ).toEqual([
      'Hi ',
      '[contact.FIRSTNAME|there]',
      ', ',
      '[contact.CITY|-]',
      ' ',
      '[event["plan name"]|]',
      ' ',
      '[company_url|-]',
    ])
    for (const liquid of [
      '{{ contact.FIRSTNAME | upcase }}',
      '{{- contact.FIRSTNAME }}',
      '{% if contact.FIRSTNAME %}',
      '{{ contact.FIRSTNAME | default: contact.CITY }}',
      '{{ now | date: "%Y" }}',
      '{{ contact.FIRSTNAME',
    ])
      expect(textParts(liquid).every(({ type }) => type === 'text')).toBe(true)
  })

  test('is the file’s, letter by letter', () => {
    const part = fc.constantFrom(
      '{{ contact.A }}',
      '{{contact.A|default:"x"}}',
      '{% if a %}',
      '{{',
      '}}',
      ' ',
      '\n',
      '"',
      'é',
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const source = parts.join('')
        expect(
          textParts(source)
            .map(({ source }) => source)
            .join(''),
        ).toBe(source)
      }),
    )
  })

  test('writes a field so that it reads it again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('contact.FIRSTNAME', 'event.plan', 'event["plan name"]', 'contact.company.NAME'),
        fc.option(fc.string(), { nil: undefined }),
        (name, typed) => {
          const fallback = typed?.includes("'") ? typed.replaceAll('"', '”') : typed
          expect(fieldOf(fieldSource({ name, fallback }))).toEqual({ name, fallback })
        },
      ),
    )
    expect(fieldSource({ name: 'contact.CITY', fallback: 'a "b" \'c\'' })).toBe(
      '{{ contact.CITY | default: "a ”b” \'c\'" }}',
    )
  })

  test('offers what is known, each once, by what people call it', () => {
    const named = (name: string) => ({ name, type: null, samples: [] })
    const vocabulary = {
      attributes: ['SCORE', 'FIRSTNAME', 'CITY'].map((name) => ({ ...named(name), score: name === 'SCORE' })),
      company: [named('INDUSTRY')],
      events: [
        { name: 'ordered', lastAt: '', last30Days: 1, properties: [named('plan'), named('plan name')] },
        { name: 'other', lastAt: '', last30Days: 1, properties: [named('secret')] },
      ],
    }
    const groups = fieldGroups(vocabulary, ['TIER'], ['ordered'])
    expect(groups.map(({ name, fields }) => [name, fields.map(({ label }) => label)])).toEqual([
      ['Contact', ['First name', 'Last name', 'E-mail address', 'Score', 'Tier', 'City']],
      ['What happened', ['The event’s plan', 'The event’s plan name']],
      ['Company of the contact', ['Company industry']],
      ['You', ['Your company', 'Your address', 'Your website']],
    ])
    const names = groups.flatMap(({ fields }) => fields)
    expect(names.find(({ label }) => label === 'Company industry')?.name).toBe('contact.company.INDUSTRY')
    expect(names.filter(({ isSure }) => isSure).map(({ label }) => label)).toEqual([
      'E-mail address',
      'Score',
      'Your company',
      'Your address',
      'Your website',
    ])
    expect(fieldGroups(undefined, [], []).map(({ name }) => name)).toEqual(['Contact', 'You'])
  })
})

describe('a mail', () => {
  test('becomes another form and back without losing what was written', () => {
    const mail = { subject: 'Hi', preview: 'A word', body: [{ text: 'Hello' }], messageType: 'newsletter' }
    const apply = (params: object, change: object) =>
      Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== undefined))
    const asTemplate = apply(mail, changedForm(mail, 'template', {}))
    expect(asTemplate).toEqual({ template: '', messageType: 'newsletter' })
    expect(mailForm(asTemplate)).toBe('template')
    expect(apply(asTemplate, changedForm(asTemplate, 'blocks', mail))).toEqual(mail)
    const asHtml = apply(mail, changedForm(mail, 'html', {}))
    expect(asHtml).toEqual({ subject: 'Hi', html: '', messageType: 'newsletter' })
    expect(mailForm(asHtml)).toBe('html')
    expect(mailForm({})).toBe('blocks')
  })

  test('has parts that can be read from the start, and moved', () => {
    for (const [kind, block] of Object.entries(NEW_BLOCK)) {
      expect(blockKind(block)).toBe(kind)
      expect(parseMessage('sendEmail', { subject: '', body: [block], messageType: 'promotional' }).ok).toBe(
        true,
      )
    }
    expect(['x', null, {}, 5].map(blockKind)).toEqual([undefined, undefined, undefined, undefined])
    const body = ['a', 'b', 'c']
    expect(movedBlock(body, 0, 1)).toEqual(['b', 'a', 'c'])
    expect(movedBlock(body, 2, -2)).toEqual(['c', 'a', 'b'])
    expect(movedBlock(body, 0, -1)).toBe(body)
    expect(movedBlock(body, 2, 1)).toBe(body)
  })

  test('says at each field what is lacking, errors before warnings, fields by their names', () => {
    const subject = '{{ contact.FIRSTNAME }} {{ contact.NICK }} {{ contact.EMAIL }}'
    const params = {
      subject,
      body: [{ button: '', url: 'shop' }, { heading: 'Hi' }],
      messageType: 'promotional',
    }
    const reason = reasonsIn(messageProblems('sendEmail', params, ['FIRSTNAME']))
    expect(reason(['subject'], subject)).toEqual({
      warning:
        'Say what stands there for somebody who has none: First name, Nick. No contact seems to have one of these fields.',
    })
    expect(reason(['body', 0, 'button'])).toEqual({ error: 'The button has no words yet.' })
    expect(reason(['body', 0, 'url'])).toEqual({
      error: 'An address begins with https:// and names a website.',
    })
    expect(reason(['body', 1, 'heading'])).toEqual({})
    expect(reasonsIn(messageProblems('sendEmail', { ...params, body: [] }, undefined))(['body'])).toEqual({
      error: 'The message says nothing yet.',
    })
    const unreadable = reasonsIn(
      messageProblems('sendSms', { text: 5, messageType: 'promotional' }, undefined),
    )
    expect(unreadable(['text']).error).toMatch(/^Expected a text/)
  })
})

describe('an SMS', () => {
  test.each([
    ['a'.repeat(152), '152 of 160, one SMS', false],
    ['a'.repeat(161), '161 characters, 2 SMS', false],
    ['م'.repeat(81), '81 characters, 2 SMS (Arabic letters: 70 each)', false],
    ['Garçon', '6 of 70, one SMS (Because of “ç”: 70 each)', false],
    ['नमस्ते', '6 of 70, one SMS (Devanagari letters: 70 each)', false],
    ['a'.repeat(1531), '1,531 characters, 11 SMS', true],
  ])('is counted as it is paid for', (source, text, isOver) => {
    expect(smsCount(source)).toEqual({ text, isOver, mayGrow: false })
  })

  test('is counted for somebody who has none of its fields, and may grow', () => {
    expect(smsCount('Hi {{ contact.FIRSTNAME | default: "there" }}!')).toEqual({
      text: '9 of 160, one SMS',
      isOver: false,
      mayGrow: true,
    })
  })

  const done = (draft: Draft, command: ReturnType<typeof insertStep>): Draft => {
    const changed = command(draft)
    if (isRefusal(changed)) throw new Error(changed.refused)
    return changed
  }
  const wait = (delay: string, next: string): Step => ({ meta: { kind: 'wait' }, after: { [delay]: next } })
  const after = (step: string, ...at: string[]): Place => ({ from: 'step', step, ats: [at] })

  test('that is new rings by day only: a wait for it stands before', () => {
    const draft = done(
      journeyOf({ mark: wait('P1D', 'end'), end: END }),
      insertStep(after('mark', 'after', 'P1D'), 'sms'),
    )
    expect(draft.states['mark']).toEqual(wait('P1D', 'wait'))
    expect(draft.states['wait']).toEqual(wait('between 09:00-20:00', 'sms'))
    expect(isReachedByDay(draft, 'sms')).toBe(true)
    // What follows it at once is within the window, too.
    const second = done(draft, insertStep(after('sms', 'always'), 'sms'))
    expect(Object.keys(second.states)).toEqual(['outside', 'mark', 'wait', 'sms', 'sms2', 'end'])
  })

  test('that rings at night is made to ring by day, from wherever people come', () => {
    const sms: Step = {
      meta: { kind: 'sms' },
      entry: { type: 'sendSms', params: { text: 'Hi', messageType: 'promotional' } },
      always: 'end',
    }
    const draft = journeyOf({
      window: wait('between 08:00-18:00 mon-fri', 'one'),
      one: wait('P1D', 'sms'),
      sms,
      end: END,
    })
    expect(isReachedByDay(draft, 'one')).toBe(true)
    expect(isReachedByDay(draft, 'sms')).toBe(false)
    expect(isReachedByDay(draft, 'window')).toBe(false)
    const mended = done(draft, onlyByDay('sms'))
    expect(mended.states['one']).toEqual(wait('P1D', 'wait'))
    expect(mended.states['wait']).toEqual(wait('between 09:00-20:00', 'sms'))
    expect(done(mended, onlyByDay('sms'))).toBe(mended)
    expect(onlyByDay('nowhere')(draft)).toEqual({ refused: 'gone' })
  })
})

test('a mail is shown by day or by night as it asks for', () => {
  const html =
    '<style>@media (prefers-color-scheme: dark) and (max-width: 9px) {a}@media (prefers-color-scheme:light){b}</style>'
  expect(inScheme(html, 'dark')).toBe(
    '<style>@media (min-width: 0) and (max-width: 9px) {a}@media (max-width: 0){b}</style>',
  )
  expect(inScheme(html, 'light')).toContain('@media (max-width: 0) and (max-width: 9px) {a}')
})
