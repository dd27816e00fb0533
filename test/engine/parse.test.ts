import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Journey } from '../../engine/journey.ts'
import { byteLength, documentProblems, textProblems } from '../../engine/json.ts'
import { MAX_JOURNEY_BYTES, parseJourney, parseJourneyText } from '../../engine/parse.ts'
import { printJourney } from '../../engine/print.ts'
import { describe as say, type Problem, type Result } from '../../engine/problem.ts'
import { JOURNEY_NAMES, journeyText } from '../journeys/shipped.ts'
import { SCHEMA_FILE, journeyJsonSchema } from '../schema.ts'
import { arbitraryJourney, arbitrarySoundJourney } from '../support/journeys.ts'
import { lawHolds } from '../support/twoByteLaw.ts'

// The example of design section 3, with an end in place of the SMS this stage cannot send.
const EXAMPLE = `{
  "id": "quote-follow-up",
  "meta": { "format": 1, "name": "Quote: points, then sales or nurturing", "stage": "consideration",
            "reentry": { "policy": "restart", "cooldown": "P1D" },
            "goal": { "when": { "field": "stage", "operator": "=", "value": "acquisition" } },
            "exits": [{ "when": { "field": "consent.email", "operator": "=", "value": "unsubscribed" } }] },
  "context": {},
  "initial": "outside",
  "on": { "quote_requested": { "target": ".points", "guard": { "type": "mayEnter" }, "meta": { "label": "Asks for a quote" } } },
  "states": {
    "outside": {},
    "points":  { "meta": { "kind": "update" }, "entry": { "type": "updateAttribute", "params": { "attribute": "SCORE", "add": 50, "cap": { "points": 100, "per": "P1D" } } }, "always": "ready" },
    "ready":   { "meta": { "kind": "condition" }, "always": [
                 { "guard": { "type": "holds", "params": { "when": { "field": "SCORE", "operator": ">", "value": 80 } } }, "target": "sales", "meta": { "label": "Ready for sales" } }, { "target": "nurture" } ] },
    "sales":   { "meta": { "kind": "moveToList" }, "entry": { "type": "moveToList", "params": { "list": "Sales-qualified leads", "from": ["New leads", "Warm leads", "Qualified leads"] } }, "always": "end" },
    "nurture": { "meta": { "kind": "email" }, "entry": { "type": "sendEmail", "params": { "template": "case-study", "messageType": "promotional" } }, "always": "pause" },
    "pause":   { "meta": { "kind": "waitFor" }, "on": { "email.clicked": { "target": "keen", "guard": { "type": "holds", "params": { "when": { "message": "nurture", "was": "clicked" } } } } }, "after": { "P3D": "end" } },
    "keen":    { "meta": { "kind": "update" }, "entry": { "type": "updateAttribute", "params": { "attribute": "SCORE", "add": 10 } }, "always": "end" },
    "end":     { "type": "final" }
  }
}
`

// A change of the example, by pointer; a function as value changes what is there. undefined removes.
type Change = readonly [path: string, value: unknown]

function changed(...changes: readonly Change[]): unknown {
  const document: unknown = JSON.parse(EXAMPLE)
  for (const [path, value] of changes) {
    const keys = path.split('/').slice(1)
    const parent = keys.slice(0, -1).reduce((object, key) => (object as never)[key], document) as Record<
      string,
      unknown
    >
    const key = keys.at(-1) as string
    if (value === undefined) delete parent[key]
    else parent[key] = typeof value === 'function' ? value(parent[key]) : value
  }
  return document
}

function problemsOf(result: Result<Journey>): readonly Problem[] {
  return result.ok ? [] : result.problems
}

function lines(result: Result<Journey>): readonly string[] {
  return problemsOf(result).map((problem) => `${problem.code} ${say(problem)}`)
}

const decay = (target: string, delay: string) => ({
  meta: { kind: 'decay' },
  after: {
    [delay]: {
      target,
      reenter: true,
      actions: [{ type: 'updateAttribute', params: { attribute: 'SCORE', subtract: 10 } }],
    },
  },
})

describe('a journey that is right', () => {
  test('is the document itself: nothing copied, ignored or filled in', () => {
    const document: unknown = JSON.parse(EXAMPLE)
    const result = parseJourney(document)
    expect(result.ok && result.value).toBe(document)
  })

  test.each(JOURNEY_NAMES)('is the shipped %s', (name) => {
    expect(lines(parseJourneyText(journeyText(name)))).toEqual([])
  })

  test('comes back the same from its print, whatever steps it has', () => {
    fc.assert(
      fc.property(arbitraryJourney(), (journey) => {
        expect(lines(parseJourney(journey))).toEqual([])
        const text = printJourney(journey)
        const result = parseJourneyText(text)
        expect(result.ok && result.value).toEqual(journey)
        expect(result.ok && printJourney(result.value)).toBe(text)
      }),
    )
  })
})

describe('one fault gives one problem at its place', () => {
  const faults: readonly [...Change, string][] = [
    // names
    [
      '/states/pause/after',
      { '3 dys': 'end' },
      'unexpected /states/pause/after: expected a delay such as "P3D", "at 09:00 mon-fri" or "date RENEWAL_DATE", got "3 dys"',
    ],
    [
      '/states/pause/after',
      { P3D: 'end', P4D: 'end' },
      'unexpected /states/pause/after: expected exactly one delay, got an object with P3D, P4D',
    ],
    [
      '/states/pause/after',
      { 'between 09:00-17:00': 'end' },
      'unexpected /states/pause/after: expected a delay such as "P3D", "at 09:00 mon-fri" or "date RENEWAL_DATE", got "between 09:00-17:00"',
    ],
    [
      '/states/rest',
      { meta: { kind: 'wait' }, after: { 'at 9:00': 'end' } },
      'unexpected /states/rest/after: expected a delay such as "P3D", "at 09:00 mon-fri", "between 09:00-17:00" or "date RENEWAL_DATE -P7D at 09:00", got "at 9:00"',
    ],
    [
      '/states/pause/on',
      { 'time.due': 'end' },
      'unexpected /states/pause/on: expected another event: a time stands in "after", got "time.due"',
    ],
    [
      '/states/Bad',
      { type: 'final' },
      'unexpected /states: expected a step id such as "welcome": a small letter, then letters, digits, "_" or "-", 64 at most, got "Bad"',
    ],
    [
      '/states/exited',
      { type: 'final' },
      'unexpected /states: expected another id: "outside", "reached" and "exited" are reserved, got "exited"',
    ],
    [
      '/states/constructor',
      { type: 'final' },
      'unexpected /states: expected another id: this one is reserved by the language, got "constructor"',
    ],
    [
      '/states/pause/on',
      { 'email.klicked': 'end' },
      expect.stringMatching(
        /^unexpected \/states\/pause\/on: expected a client's event or one of contact.created.*, got "email.klicked"; did you mean "email.clicked"\?$/,
      ) as never,
    ],
    [
      '/on',
      { 'a.*': { target: '.points', guard: { type: 'mayEnter' } } },
      'unexpected /on: expected an event name of 1 to 255 characters, no wildcard, got "a.*"',
    ],
    // values
    [
      '/id',
      'x y',
      'unexpected /id: expected a step id such as "welcome": a small letter, then letters, digits, "_" or "-", 64 at most, got "x y"',
    ],
    ['/initial', 'points', 'unexpected /initial: expected "outside", got "points"'],
    ['/meta/name', '', 'unfinished /meta/name: the journey has no name yet'],
    [
      '/meta/name',
      'n'.repeat(300),
      `unexpected /meta/name: expected a text of at most 200 characters, got "${'n'.repeat(79)}…"`,
    ],
    ['/meta/name', null, 'unfinished /meta/name: the journey has no name yet'],
    ['/meta/name', [], 'unexpected /meta/name: expected a text, got an empty list'],
    ['/meta/name', {}, 'unexpected /meta/name: expected a text, got an empty object'],
    [
      '/meta/stage',
      'acquisiton',
      'unexpected /meta/stage: expected one of "awareness", "engagement", "consideration", "acquisition", "retention", got "acquisiton"; did you mean "acquisition"?',
    ],
    [
      '/meta/reentry/policy',
      'Once',
      'unexpected /meta/reentry/policy: expected one of "once", "afterExit", "restart", "parallel", got "Once"; did you mean "once"?',
    ],
    ['/meta/reentry/max', 0, 'unexpected /meta/reentry/max: expected a number of at least 1, got 0'],
    [
      '/meta/reentry/max',
      2_000_000,
      'unexpected /meta/reentry/max: expected a number of at most 1000000, got 2000000',
    ],
    ['/meta/reentry/max', 1.5, 'unexpected /meta/reentry/max: expected a whole number, got 1.5'],
    [
      '/meta/reentry/cooldown',
      '1d',
      'unexpected /meta/reentry/cooldown: expected a duration such as "P3D" or "PT12H", got "1d"',
    ],
    [
      '/meta/format',
      2,
      'unexpected /meta/format: expected format 1, which this version of Tidemark reads, got 2',
    ],
    ['/meta', 3, 'unexpected /meta: expected an object, got 3'],
    [
      '/states/points/entry/params/add',
      '5',
      'unexpected /states/points/entry/params/add: expected a number, or a property of the event such as { "event": "quantity" }, got "5"',
    ],
    [
      '/states/points/entry/params/add',
      0.001,
      'unexpected /states/points/entry/params/add: expected a number with at most two decimals, got 0.001',
    ],
    [
      '/states/points/entry/params/add',
      { event: 'a', time: 5 },
      'unknown_part /states/points/entry/params/add/time: expected nothing of the name "time" here',
    ],
    [
      '/states/points/entry/params/cap/per',
      '1 day',
      'unexpected /states/points/entry/params/cap/per: expected a duration such as "P1D", "ever", or "3 emails", got "1 day"',
    ],
    [
      '/states/points/entry/params/set',
      3,
      'unexpected /states/points/entry/params: expected exactly one of add, subtract, set, multiply, clear, got an object with attribute, add, cap, set',
    ],
    [
      '/states/nurture/entry/params/messageType',
      'promo',
      'unexpected /states/nurture/entry/params/messageType: expected one of "promotional", "newsletter", "transactional", got "promo"',
    ],
    [
      '/states/nurture/entry/params',
      { subject: 'Hi', messageType: 'newsletter' },
      'missing /states/nurture/entry/params/body: is missing: expected a list',
    ],
    [
      '/states/nurture/entry/params',
      { subject: 'Hi', body: [{ text: 'Hello' }, { button: 'Read' }], messageType: 'newsletter' },
      'missing /states/nurture/entry/params/body/1/url: is missing: expected a text',
    ],
    [
      '/states/nurture/entry/params',
      { subject: 'Hi', body: [{ heading: 'Hello', level: 2 }], messageType: 'newsletter' },
      'unknown_part /states/nurture/entry/params/body/0/level: expected nothing of the name "level" here',
    ],
    [
      '/states/nurture/entry/params',
      { subject: 'Hi', body: ['Hello'], messageType: 'newsletter' },
      'unexpected /states/nurture/entry/params/body/0: expected a block: { "heading" }, { "text" }, { "button", "url" } or { "image", "alt" }, got "Hello"',
    ],
    [
      '/states/nurture/entry/params',
      { subject: 'Hi', body: Array.from({ length: 101 }, () => ({ text: '' })), messageType: 'newsletter' },
      'unexpected /states/nurture/entry/params/body: expected a list of at most 100 entries, got a list of 101',
    ],
    [
      '/states/nurture/entry/params',
      {
        subject: 'Hi',
        body: Array.from({ length: 11 }, () => ({ text: 'a'.repeat(10_000) })),
        messageType: 'newsletter',
      },
      'unexpected /states/nurture/entry/params/body: expected blocks of at most 100,000 characters, got a list of 11',
    ],
    // parts
    ['/context', undefined, 'missing /context: is missing: expected an object'],
    ['/initial', undefined, 'missing /initial: is missing: expected "outside"'],
    ['/meta/foo', 1, 'unknown_part /meta/foo: expected nothing of the name "foo" here'],
    ['/meta/a~b', 1, 'unknown_part /meta/a~0b: expected nothing of the name "a~b" here'],
    ['/states/outside/on', {}, 'unknown_part /states/outside/on: expected nothing of the name "on" here'],
    ['/states/keen/always', undefined, 'missing /states/keen/always: is missing: expected the id of a step'],
    [
      '/states/keen/always',
      ['end'],
      'unexpected /states/keen/always: expected the id of a step, got a list of 1',
    ],
    [
      '/states/pause/on',
      undefined,
      'unexpected /states/pause: expected something to wait for: "on" events, or "always" with conditions, got an object with meta, after',
    ],
    // kinds and shapes of steps
    ['/states/keen', 5, 'unexpected /states/keen: expected a step, got 5'],
    [
      '/states/keen/meta/kind',
      'emial',
      expect.stringMatching(
        /^unknown_kind \/states\/keen\/meta\/kind: expected a kind of step, one of "update", .*"end", got "emial"; did you mean "email"\?$/,
      ) as never,
    ],
    [
      '/states/keen/meta',
      undefined,
      expect.stringMatching(/^unknown_kind \/states\/keen\/meta\/kind: .*got nothing$/) as never,
    ],
    [
      '/states/keen/meta',
      5,
      expect.stringMatching(/^unknown_kind \/states\/keen\/meta\/kind: .*got nothing$/) as never,
    ],
    [
      '/states/end/always',
      'keen',
      'unknown_part /states/end/always: expected nothing of the name "always" here',
    ],
    [
      '/states/nurture',
      {
        meta: { kind: 'email' },
        entry: { type: 'sendEmail', params: { template: 'a', messageType: 'newsletter' } },
        on: { 'step.done': 'pause' },
        after: { P1D: 'end' },
      },
      'missing /states/nurture/on/step.failed: is missing: expected the id of a step',
    ],
    [
      '/states/ready/always',
      (list: unknown[]) => list.toReversed(),
      'unexpected /states/ready/always: expected branches with a condition each, and a last one without: "Everyone else", got a list of 2',
    ],
    ['/states/ready/always/0/target', 5, 'unexpected /states/ready/always/0/target: expected a text, got 5'],
    [
      '/on/quote_requested/guard/type',
      'holds',
      'unexpected /on/quote_requested/guard/type: expected "mayEnter", got "holds"',
    ],
    [
      '/on/quote_requested',
      [],
      'unexpected /on/quote_requested: expected a list of at least 1 entry, got an empty list',
    ],
    [
      '/on/quote_requested/target',
      'points',
      'unexpected /on/quote_requested/target: expected a step with a dot before it, such as ".welcome", got "points"',
    ],
    // conditions
    ['/meta/audience', 5, 'unexpected /meta/audience: expected a condition, got 5'],
    [
      '/meta/audience',
      { 'all ': [] },
      expect.stringMatching(
        /^unknown_condition \/meta\/audience: expected a condition, which has one of "all", .*, got one with all ; did you mean "all"\?$/,
      ) as never,
    ],
    [
      '/meta/audience',
      { feild: 'SCORE', operator: '>' },
      expect.stringMatching(/got one with feild, operator; did you mean "field"\?$/) as never,
    ],
    ['/meta/audience', { any: [] }, 'unfinished /meta/audience/any: nothing is chosen yet: who may enter?'],
    [
      '/meta/audience',
      { all: [{ not: { field: 'score', operator: '=', value: 1 } }] },
      expect.stringMatching(
        /^unexpected \/meta\/audience\/all\/0\/not\/field: expected an attribute in capitals .*, got "score"$/,
      ) as never,
    ],
    [
      '/meta/goal/when/operator',
      'start with',
      expect.stringMatching(
        /^unexpected \/meta\/goal\/when\/operator: expected an operator, "=".*; did you mean "starts with"\?$/,
      ) as never,
    ],
    [
      '/meta/goal/when',
      { field: 'SCORE', operator: '>' },
      'unfinished /meta/goal/when/value: the value is still empty',
    ],
    [
      '/meta/goal/when',
      { field: 'SCORE', operator: '>', value: '80' },
      'unexpected /meta/goal/when/value: expected a number, got "80"',
    ],
    [
      '/meta/goal/when',
      { clicked: 4, ofLast: 3 },
      'unexpected /meta/goal/when: expected "clicked" no higher than "ofLast", got an object with clicked, ofLast',
    ],
    [
      '/meta/goal/when',
      { count: { event: 'x', within: 'P1D', since: 'entering' }, operator: '>', value: 1 },
      'unexpected /meta/goal/when/count: expected either "within" or "since", not both, got an object with event, within, since',
    ],
    [
      '/meta/goal/when',
      {
        count: { event: 'x', where: { event: 'until', operator: 'before', value: 'P1D' } },
        operator: '>',
        value: 1,
      },
      'unexpected /meta/goal/when/count/where: expected conditions on the event’s own properties, with dates of the calendar, got an object with event, operator, value',
    ],
    // times
    [
      '/on/time.due',
      { target: '.points', guard: { type: 'mayEnter', params: { at: 'P30D' } } },
      'unexpected /on/time.due/guard/params/at: expected a time such as "date RENEWAL_DATE -P7D at 09:00", "inactive P30D" or "at 09:00 mon", got "P30D"',
    ],
    [
      '/on/time.due',
      { target: '.points', guard: { type: 'mayEnter', params: {} } },
      'unexpected /on/time.due/guard/params: expected a condition ("when") or a time ("at"), got an empty object',
    ],
    [
      '/on/time.due',
      { target: '.points', guard: { type: 'mayEnter', params: { when: { everybody: true } } } },
      'no_time /on/time.due/guard/params: no time is chosen yet: when do people enter?',
    ],
    [
      '/on/time.due',
      [
        { target: '.points', guard: { type: 'mayEnter', params: { at: 'inactive P30D' } } },
        { target: '.points', guard: { type: 'mayEnter' } },
      ],
      'no_time /on/time.due/1/guard/params: no time is chosen yet: when do people enter?',
    ],
    [
      '/on/quote_requested/guard/params',
      { at: 'inactive P30D' },
      'time_elsewhere /on/quote_requested/guard/params/at: expected "at" only with triggers on "time.due"',
    ],
    // how the parts fit together
    ['/on', {}, 'no_trigger /on: expected at least one trigger: without one nobody ever enters'],
    [
      '/on/quote_requested/target',
      '.point',
      'unknown_step /on/quote_requested/target: expected a step of this journey, got "point", which does not exist; did you mean "points"?',
    ],
    [
      '/on/quote_requested/target',
      '.outside',
      'unknown_step /on/quote_requested/target: expected a step of this journey, got "outside", which does not exist',
    ],
    [
      '/on/quote_requested',
      (one: object) => [one, { ...one, target: '.nowhere' }],
      'unknown_step /on/quote_requested/1/target: expected a step of this journey, got "nowhere", which does not exist',
    ],
    [
      '/states/keen/always',
      'en',
      'unknown_step /states/keen/always: expected a step of this journey, got "en", which does not exist; did you mean "end"?',
    ],
    [
      '/states/ready/always/1/target',
      'zzz',
      'unknown_step /states/ready/always/1: expected a step of this journey, got "zzz", which does not exist',
    ],
    [
      '/meta/goal/to',
      'zzz',
      'unknown_step /meta/goal/to: expected a step of this journey, got "zzz", which does not exist',
    ],
    [
      '/meta/exits/0/to',
      'zzz',
      'unknown_step /meta/exits/0/to: expected a step of this journey, got "zzz", which does not exist',
    ],
    [
      '/states/ebb',
      decay('end', 'inactive P30D'),
      'decay_target /states/ebb/after/inactive P30D: expected the step itself, since it lowers the score again and again, got "end"',
    ],
    [
      '/states/ebb',
      decay('ebb', 'P30D'),
      'unexpected /states/ebb/after: expected a delay such as "inactive P30D", got "P30D"',
    ],
    [
      '/states/go',
      { meta: { kind: 'leave' }, always: 'sales' },
      'leave_target /states/go/always: expected an end, since this step leaves the journey, got "sales"',
    ],
    [
      '/states/pause/on/email.clicked/guard/params/when/message',
      'nurtur',
      'not_a_message /states/pause/on/email.clicked/guard/params/when/message: expected a step of this journey that sends a message, got "nurtur"; did you mean "nurture"?',
    ],
    [
      '/meta/audience',
      { not: { message: 'keen', was: 'sent' } },
      'not_a_message /meta/audience/not/message: expected a step of this journey that sends a message, got "keen"',
    ],
  ]
  test.each(faults)('%s = %j', (path, value, line) => {
    expect(lines(parseJourney(changed([path, value])))).toEqual([line])
  })

  test('where a name is misspelt, not a second one for the part that is missing', () => {
    const document = changed(
      ['/states/keen/always', undefined],
      ['/states/keen/alwys', 'end'],
      ['/meta/name', undefined],
      ['/meta/nmae', 'x'],
    )
    expect(lines(parseJourney(document))).toEqual([
      'unknown_part /meta/nmae: expected nothing of the name "nmae" here; did you mean "name"?',
      'unknown_part /states/keen/alwys: expected nothing of the name "alwys" here; did you mean "always"?',
    ])
  })
})

describe('all problems at once, by path', () => {
  test('of the shape and of how the parts fit together', () => {
    const document = changed(
      ['/states/keen/always', 'zzz'],
      ['/states/Bad', { type: 'final' }],
      ['/meta/name', 5],
      ['/on/quote_requested/target', '.yyy'],
      ['/states/sales/meta/kind', 'sale'],
    )
    expect(problemsOf(parseJourney(document)).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'unexpected /meta/name',
      'unknown_step /on/quote_requested/target',
      'unexpected /states',
      'unknown_step /states/keen/always',
      'unknown_kind /states/sales/meta/kind',
    ])
  })

  test('a step of the wrong shape may still be a target, an end or a message', () => {
    const document = changed(
      ['/states/nurture/always', 5],
      ['/states/end/x', 1],
      ['/states/go', { meta: { kind: 'leave' }, always: 'end' }],
    )
    expect(problemsOf(parseJourney(document)).map(({ path }) => path)).toEqual([
      '/states/end/x',
      '/states/nurture/always',
    ])
  })

  test.each([5, null, 'x', [], {}, { on: [], states: 5, meta: null }])(
    'of %j, which is no journey',
    (document) => {
      expect(problemsOf(parseJourney(document)).length).toBeGreaterThan(0)
    },
  )

  test('at most a hundred, however wrong the file', () => {
    const states = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`S${index}`, 5]))
    expect(problemsOf(parseJourney(changed(['/states', states])))).toHaveLength(100)
  })
})

describe('a text', () => {
  const faults: readonly [string, string][] = [
    ['', 'json_syntax line 1, column 1: expected a value, got the end of the file'],
    ['{"a" 1}', 'json_syntax line 1, column 6: expected ":", got "1"'],
    ['{"a": 1\n "b": 2}', 'json_syntax line 2, column 2: expected "," or "}", got "\\""'],
    ['{a: 1}', 'json_syntax line 1, column 2: expected a name in double quotes, got "a"'],
    ['[1, ]', 'json_syntax line 1, column 5: expected a value, got "]"'],
    ['[1, 2', 'json_syntax line 1, column 6: expected "," or "]", got the end of the file'],
    ['[tru]', 'json_syntax line 1, column 2: expected a value, got "tru"'],
    ['[01]', 'json_syntax line 1, column 2: expected a value, got "01"'],
    [
      '["a\nb"]',
      'json_syntax line 1, column 2: expected a value, got a text that does not end on its line, or has a "\\" too many',
    ],
    ['[1] x', 'json_syntax line 1, column 5: expected the end of the file, got "x"'],
    ['\ufeff{}', 'json_syntax line 1, column 1: expected a value, got "\ufeff"'],
    ['['.repeat(33), `too_deep ${'/0'.repeat(32)}: expected at most 32 levels, got more`],
    [`"${'x'.repeat(MAX_JOURNEY_BYTES)}"`, 'too_large expected a file of at most 1048576 bytes, got 1048578'],
  ]
  test.each(faults)('%.20j is no JSON to be read', (text, line) => {
    expect(lines(parseJourneyText(text))).toEqual([line])
  })

  test('in which a name stands twice is refused with the place of the second one, and all else that is wrong', () => {
    const text = EXAMPLE.replace('"end":     {', '"end":     { "type": "final", ').replace(
      '"format": 1',
      '"format": 2',
    )
    expect(lines(parseJourneyText(text))).toEqual([
      'unexpected /meta/format: expected format 1, which this version of Tidemark reads, got 2',
      'duplicate_key /states/end/type: line 19, column 36: "type" stands here a second time; expected it once',
    ])
    const twice = EXAMPLE.replace('"initial"', '"id": "quote-follow-up", "initial"')
    expect(lines(parseJourneyText(twice))).toEqual([
      'duplicate_key /id: line 8, column 3: "id" stands here a second time; expected it once',
    ])
  })

  test.each([
    ['1e999', 'bad_number', 'expected a number that can be stored, got Infinity'],
    ['-0', 'bad_number', 'expected a number that can be stored, got -0'],
    [
      '1e-400',
      'inexact_number',
      'line 12, column 127: expected a number with fewer digits, got 1e-400, which would be rounded',
    ],
    [
      '50.00000000000000001',
      'inexact_number',
      'line 12, column 127: expected a number with fewer digits, got 50.00000000000000001, which would be rounded',
    ],
  ])('in which a number is %s is refused', (number, code, detail) => {
    const result = parseJourneyText(EXAMPLE.replace('"add": 50', `"add": ${number}`))
    expect(problemsOf(result)).toEqual([
      { severity: 'error', code, path: '/states/points/entry/params/add', detail },
    ])
  })

  test.each(['50', '50.0', '5e1', '0.5E+2', '500e-1', '-50', '0.10', '0', '0e5', '1.50', '100000'])(
    'may write the number %s',
    (number) => {
      const [least, most] = ['"points": 100', '"points": 1000000']
      expect(
        lines(parseJourneyText(EXAMPLE.replace('"add": 50', `"add": ${number}`).replace(least, most))),
      ).toEqual([])
    },
  )

  test.each(['{"__proto__": 1}', '{"a": {"__proto__": {}}}', '[{"\\u005f_proto__": 1}]'])(
    '%s is refused',
    (text) => {
      expect(problemsOf(parseJourneyText(text)).map(({ code }) => code)).toEqual(['reserved_key'])
    },
  )

  test('says no more than a hundred things, however many there are', () => {
    const text = `{${'"a": 1,\n'.repeat(50_000)}"a": 1}`
    expect(textProblems(text)).toHaveLength(100)
  })

  test('is judged JSON or not as JSON.parse judges it', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"\\n"',
        '"',
        '\\',
        '1',
        '-',
        '.5',
        'e3',
        'true',
        'null',
        ' ',
        '\n',
        'x',
        '0',
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((list) => list.join('')),
          fc.json(),
        ),
        (text) => {
          const fault = textProblems(text).find(({ code }) => code === 'json_syntax')
          if (fault) expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
          else expect(() => JSON.parse(text) as unknown).not.toThrow()
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('a document that is no plain data', () => {
  const circle: unknown[] = []
  circle.push(circle)
  test.each<[unknown, string, string]>([
    [{ a: undefined }, 'not_json', '/a'],
    [{ a: () => 1 }, 'not_json', '/a'],
    [{ a: 1n }, 'not_json', '/a'],
    [{ a: Symbol('s') }, 'not_json', '/a'],
    [{ a: new Map() }, 'not_json', '/a'],
    [{ [Symbol('s')]: 1 }, 'not_json', ''],
    // oxlint-disable-next-line no-sparse-arrays -- the hole is what is looked for
    [{ a: [1, , 2] }, 'not_json', '/a/1'],
    [{ a: Number.NaN }, 'bad_number', '/a'],
    [{ a: '\ud800' }, 'bad_text', '/a'],
    [{ a: '\0' }, 'bad_text', '/a'],
    [{ '\udc00': 1 }, 'bad_text', ''],
    [{ ['k'.repeat(256)]: 1 }, 'long_key', ''],
    [circle, 'too_deep', '/0'.repeat(32)],
  ])('%o is refused', (document, code, path) => {
    expect(problemsOf(parseJourney(document))).toMatchObject([{ code, path }])
  })

  test('without a prototype is plain data too', () => {
    const document = Object.assign(Object.create(null) as object, JSON.parse(EXAMPLE))
    expect(parseJourney(document).ok).toBe(true)
  })

  test('is named in a hundred places at most', () => {
    expect(documentProblems(Array.from({ length: 1000 }, () => -0))).toHaveLength(100)
    expect(
      documentProblems(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${index}\0`, 1]))),
    ).toHaveLength(100)
  })
})

test('the size of a text is counted in bytes of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(byteLength(text)).toBe(new TextEncoder().encode(text).length)
    }),
  )
})

test('parsing never throws, whatever stands where', { timeout: 60_000 }, () => {
  const paths = pathsOf(JSON.parse(EXAMPLE))
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }), (path, value) => {
      for (const problem of problemsOf(parseJourney(changed([path, value])))) {
        expect(problem.path).toMatch(/^\//)
        expect(problem.detail.length).toBeLessThan(1_000)
      }
    }),
    { numRuns: 1_000 },
  )
})

function pathsOf(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inside]) => [
    `${at}/${key}`,
    ...pathsOf(inside, `${at}/${key}`),
  ])
}

describe('two bytes changed: no JSON, refused with a path, or read with nothing ignored', () => {
  const files = [
    ...JOURNEY_NAMES.map((name): [string, string] => [name, journeyText(name)]),
    ['the example', EXAMPLE],
  ] as const
  test.each(files)('%s', { timeout: 60_000 }, (_, text) => {
    const bytes = new TextEncoder().encode(text)
    const place = fc.nat(bytes.length - 1)
    const byte = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
      { weight: 1, arbitrary: fc.nat(255) },
    )
    const changes = fc.tuple(place, byte, fc.oneof(place, fc.constant(undefined)), byte)
    fc.assert(
      fc.property(changes, ([first, a, second, b]) => {
        const copy = bytes.slice()
        copy[first] = a
        copy[second ?? Math.min(first + 1, bytes.length - 1)] = b
        expect(lawHolds(copy)).toBeTypeOf('string')
      }),
      { numRuns: 500 },
    )
  })
})

describe('the JSON Schema', () => {
  test('that is checked in is the one the parser’s definition gives (else: npm run schema)', () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(journeyJsonSchema())
  })

  const schema = z.fromJSONSchema(JSON.parse(journeyJsonSchema()) as z.core.JSONSchema.JSONSchema)
  test.each(JOURNEY_NAMES)('lets the shipped %s through', (name) => {
    expect(schema.safeParse(JSON.parse(journeyText(name))).error).toBeUndefined()
  })

  test('lets through whatever the parser lets through, and refuses typos', () => {
    fc.assert(fc.property(arbitrarySoundJourney(), (journey) => schema.safeParse(journey).success))
    expect(schema.safeParse(changed(['/states/keen/alwys', 'end'])).success).toBe(false)
  })
})
