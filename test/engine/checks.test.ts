// Checks for what is drawn but hardly meant: bands, windows, short waits, names never received, mails on one day.
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../engine/dialect/conditions.ts'
import type { Step } from '../../engine/dialect/steps.ts'
import type { Journey } from '../../engine/journey.ts'
import { parseJourney } from '../../engine/parse.ts'
import { checkJourney, type Known } from '../../engine/verify/index.ts'
import { journeyOf, triggerAt, triggerTo } from '../support/journeys.ts'
import {
  awaited,
  calls,
  choose,
  email,
  end,
  guarded,
  join,
  move,
  quit,
  score,
  sms,
  stage,
  tells,
  update,
  wait,
} from '../support/steps.ts'

const KNOWN: Known = { templates: ['welcome'], segments: [], journeys: [] }

/** What one check finds, each as path and sentence. */
function said(code: string, journey: Journey, known: Partial<Known> = {}): readonly string[] {
  const parsed = parseJourney(journey)
  expect(parsed.ok ? [] : parsed.problems).toEqual([])
  const found = checkJourney(journey, { ...KNOWN, ...known })
  return found.filter((problem) => problem.code === code).map(({ path, detail }) => `${path} ${detail}`)
}

const waits = (delay: string, next: string): Step => ({ meta: { kind: 'wait' }, after: { [delay]: next } })
const both = (...all: readonly Condition[]): Condition => ({ all })
const between = (low: number, high: number) => both(score('>=', low), score('<=', high))

describe('bands that do not meet', () => {
  const asks = (...conditions: readonly Condition[]) =>
    journeyOf({
      a: choose(...conditions.map((when): [string, Condition] => ['end', when]), 'end'),
      end,
    })
  const gaps = (...conditions: readonly Condition[]) => said('gap', asks(...conditions))
  const overlaps = (...conditions: readonly Condition[]) => said('overlap', asks(...conditions))
  const fit = (operator: '<' | '>', value: number): Condition => ({ field: 'FIT', operator, value })
  const bought = (operator: '<=' | '>=' | '<' | '>', value: number): Condition => ({
    count: { event: 'purchase' },
    operator,
    value,
  })

  test('20 to 49 and 50 to 80 let 49.5 fall through', () => {
    expect(gaps(between(20, 49), between(50, 80))).toEqual([
      '/states/a/always/1 Score 49.5 fits no branch: between 49 and 50 it goes with everyone else',
    ])
    expect(gaps(between(50, 80), between(20, 49))).toEqual([
      '/states/a/always/0 Score 49.5 fits no branch: between 49 and 50 it goes with everyone else',
    ])
    expect(gaps(between(20, 49), between(49.01, 80))).toEqual([])
    expect(gaps(both(score('>=', 20), score('<', 50)), between(50, 80))).toEqual([])
  })

  test('under 50 and over 50 leave 50 out', () => {
    expect(gaps(score('<', 50), score('>', 50))).toEqual([
      '/states/a/always/1 Score 50 fits no branch: it goes with everyone else',
    ])
    expect(gaps(both(score('>=', 20), score('<', 49)), between(50, 80))).toEqual([
      '/states/a/always/1 Score 49 fits no branch: between 49 and 50 it goes with everyone else',
    ])
    expect(gaps(between(20, 49), both(score('>', 50), score('<', 80)))).toEqual([
      '/states/a/always/1 Score 49.5 fits no branch: between 49 and 50 it goes with everyone else',
    ])
  })

  test('a wide gap may be meant, and what lies outside of all bands is for everyone else', () => {
    expect(gaps(score('<', 20), score('>', 80))).toEqual([])
    expect(gaps(between(20, 50))).toEqual([])
  })

  test('counts are whole numbers', () => {
    expect(gaps(bought('<=', 2), bought('>=', 3))).toEqual([])
    expect(gaps(bought('<', 3), bought('>', 3))).toEqual([
      '/states/a/always/1 The number of “purchase” 3 fits no branch: it goes with everyone else',
    ])
    expect(gaps(bought('<=', 2), bought('>=', 4))).toEqual([
      '/states/a/always/1 The number of “purchase” 3 fits no branch: between 2 and 4 it goes with everyone else',
    ])
  })

  test('each number by itself, and only branches that ask about nothing else', () => {
    const paid = (operator: '<' | '>', value: number): Condition => ({ event: 'amount', operator, value })
    expect(gaps(score('<', 50), fit('>', 50))).toEqual([])
    expect(gaps(score('<', 50), both(score('>', 50), { list: 'A' }))).toEqual([])
    expect(gaps(score('<', 50), both(score('>', 50), fit('>', 1)))).toEqual([])
    expect(gaps({ everybody: true }, { list: 'A' })).toEqual([])
    expect(gaps(paid('<', 100), paid('>', 100))).toEqual([
      '/states/a/always/1 The event’s amount 100 fits no branch: it goes with everyone else',
    ])
    expect(gaps(fit('<', 50), score('<', 9), fit('>', 50))).toEqual([
      '/states/a/always/2 Fit 50 fits no branch: it goes with everyone else',
    ])
  })

  test('two ranges that share an end', () => {
    expect(overlaps(between(20, 50), between(50, 80))).toEqual([
      '/states/a/always/1 Score 50 fits the way to the end and the way to the end: it goes the first',
    ])
    expect(overlaps(between(20, 60), between(50, 80))[0]).toContain('Score 50 to 60 fits the way')
  })

  test('a range within a range, or one that is taken already, is none', () => {
    expect(overlaps(score('>', 80), score('>', 50))).toEqual([])
    expect(overlaps(between(20, 50), score('>', 50))).toEqual([])
    expect(overlaps(score('<', 50), score('>=', 50), between(20, 60))).toEqual([])
    expect(overlaps({ not: score('=', 5) }, between(5, 80))).toEqual([])
  })
})

describe('lists of bands that are added to and not left', () => {
  const banded = (
    warm: Record<string, Step>,
    qualified: Record<string, Step>,
    first: Record<string, Step> = {},
  ) =>
    journeyOf({
      ...first,
      band: choose(['warm', score('<', 50)], ['qualified', score('>=', 50)], 'end'),
      ...warm,
      ...qualified,
      end,
    })
  const found = (journey: Journey) => said('band_lists_added', journey)
  const adds = { warm: join('end', 'Warm'), qualified: join('end', 'Qualified') }

  test('are said at the step that adds', () => {
    expect(found(banded({ warm: adds.warm }, { qualified: adds.qualified }))).toEqual([
      '/states/qualified who is added to “Qualified” here stays on “Warm” too: move them from there instead',
      '/states/warm who is added to “Warm” here stays on “Qualified” too: move them from there instead',
    ])
  })

  test('also where the triggers are the bands', () => {
    const on = {
      'score.changed': [
        triggerTo('warm', { crossed: 20, direction: 'up' }),
        triggerTo('qualified', both(score('>', 50), { list: 'A' })),
      ],
    }
    expect(found(journeyOf({ ...adds, end }, { on }))).toHaveLength(2)
    const others = { go: triggerTo('warm'), come: triggerTo('qualified', { list: 'A' }) }
    expect(found(journeyOf({ ...adds, end }, { on: others }))).toEqual([])
  })

  test('not where they are left, on the way or before', () => {
    const leaving = {
      warm: { warm: quit('warm2', 'Qualified'), warm2: join('end', 'Warm') },
      qualified: {
        qualified: join('off', 'Qualified'),
        off: move('off2', 'Other', 'Warm'),
        off2: move('end', 'Third'),
      },
    }
    expect(found(banded(leaving.warm, leaving.qualified))).toEqual([])
    expect(found(banded({ warm: adds.warm }, leaving.qualified))).toEqual([
      expect.stringMatching(/^\/states\/warm .* stays on “Qualified” too/),
    ])
    const before = { off: quit('off2', 'Warm'), off2: quit('band', 'Qualified') }
    expect(found(banded({ warm: adds.warm }, { qualified: adds.qualified }, before))).toEqual([])
  })

  test('not where no number decides, or the lists are the same, or several are joined', () => {
    const asked = choose(['warm', { list: 'X' }], ['qualified', { list: 'Y' }], 'end')
    expect(found(journeyOf({ band: asked, ...adds, end }))).toEqual([])
    expect(found(banded({ warm: join('end', 'A') }, { qualified: join('end', 'A') }))).toEqual([])
    const twice = { qualified: join('more', 'Qualified'), more: join('end', 'News') }
    expect(found(banded({ warm: adds.warm }, twice))).toEqual([])
    expect(found(banded({ warm: move('end', 'Warm') }, { qualified: adds.qualified }))).toEqual([])
  })

  test('once, whatever leads there', () => {
    const on = {
      'score.changed': [
        triggerTo('warm', { crossed: 20, direction: 'up' }),
        triggerTo('qualified', { crossed: 50, direction: 'up' }),
      ],
      go: triggerTo('band'),
    }
    const journey = banded({ warm: adds.warm }, { qualified: adds.qualified })
    expect(found({ ...journey, on })).toHaveLength(2)
  })
})

describe('a wait of a few minutes before a message', () => {
  const found = (delay: string, after: Step) =>
    said('short_wait', journeyOf({ a: waits(delay, 'b'), b: after, end }))

  test('is hardly meant', () => {
    expect(found('PT2M', email('end'))).toEqual([
      '/states/a/after/PT2M the e-mail “welcome” goes out after a wait of only 2 minutes: is a longer one meant?',
    ])
    expect(
      said('short_wait', journeyOf({ a: waits('PT30S', 'b'), b: update('c'), c: sms('end'), end })),
    ).toEqual([expect.stringContaining('the SMS “Hi” goes out after a wait of only 30 seconds')])
  })

  test('unlike one of five minutes, one before something else, or a moment', () => {
    expect(found('PT5M', email('end'))).toEqual([])
    expect(found('PT2M', tells('end'))).toEqual([])
    expect(found('at 09:00', email('end'))).toEqual([])
  })
})

describe('windows one after the other', () => {
  const found = (first: string, second: string) =>
    said('windows_apart', journeyOf({ a: waits(first, 'b'), b: waits(second, 'end'), end }))

  test('that are never open together', () => {
    expect(found('between 09:00-12:00', 'between 13:00-17:00')).toEqual([
      '/states/b/after/between 13:00-17:00 between 9:00 and 12:00 is never between 13:00 and 17:00: whoever waited for the one waits on for the other',
    ])
    expect(found('between 09:00-17:00 sat,sun', 'between 09:00-17:00 mon-fri')).toHaveLength(1)
    expect(found('between 22:00-06:00 sun', 'between 06:00-07:00 mon')).toHaveLength(1)
  })

  test('that meet', () => {
    expect(found('between 09:00-12:00', 'between 11:00-17:00')).toEqual([])
    expect(found('between 11:00-17:00', 'between 09:00-12:00')).toEqual([])
    expect(found('between 22:00-06:00 sun', 'between 05:00-07:00 mon')).toEqual([])
    expect(found('between 09:00-17:00', 'P1D')).toEqual([])
    expect(found('P1D', 'between 09:00-17:00')).toEqual([])
  })

  test('with something between them are two of their own', () => {
    const steps = {
      a: waits('between 09:00-12:00', 'b'),
      b: email('c'),
      c: waits('between 13:00-17:00', 'end'),
      end,
    }
    expect(said('windows_apart', journeyOf(steps))).toEqual([])
  })
})

describe('triggers on what was never received', () => {
  const found = (event: string, received?: readonly string[]) =>
    said(
      'never_received',
      journeyOf({ a: update('end'), end }, { on: { [event]: triggerTo('a') } }),
      received ? { received } : {},
    )

  test('are said, with the name that was probably meant', () => {
    expect(found('quote_requestd', ['quote_requested', 'purchase'])).toEqual([
      '/on/quote_requestd “quote_requestd” has not been received in the last 30 days; did you mean "quote_requested"?',
    ])
    expect(found('newsletter', ['purchase'])).toEqual([
      '/on/newsletter “newsletter” has not been received in the last 30 days: is its name right?',
    ])
  })

  test('not where it was, where it is ours, or where nobody knows', () => {
    expect(found('purchase', ['purchase'])).toEqual([])
    expect(found('score.changed', ['purchase'])).toEqual([])
    expect(found('purchase')).toEqual([])
  })
})

describe('ways behind the goal or an exit', () => {
  const hot = score('>', 80)
  const asking = (when: Condition, meta: object) =>
    said('behind_ending', journeyOf({ a: choose(['b', when], 'end'), b: email('end'), end }, { meta }))

  test('nobody takes', () => {
    expect(asking(score('>', 90), { goal: { when: hot } })).toEqual([
      '/states/a/always/0 nobody can take the way to the e-mail “welcome”: whoever could has reached the goal by then',
    ])
    expect(
      asking(both(hot, { list: 'A' }), { exits: [{ when: hot }], goal: { when: { list: 'B' } } }),
    ).toEqual([
      '/states/a/always/0 nobody can take the way to the e-mail “welcome”: whoever could has left early by then',
    ])
    expect(asking(score('>', 70), { goal: { when: hot } })).toEqual([])
    expect(asking(both(hot, score('<', 50)), { goal: { when: hot } })).toEqual([])
    expect(asking(hot, {})).toEqual([])
  })

  test('and nobody enters by', () => {
    const meta = { goal: { when: hot } }
    const on = {
      go: [triggerTo('a', { list: 'A' }), { ...triggerTo('a', hot), meta: { label: 'Hot' } }],
      come: triggerTo('a', hot),
      leave: triggerTo('a'),
    }
    expect(said('behind_ending', journeyOf({ a: update('end'), end }, { meta, on }))).toEqual([
      '/on/come nobody can take the way to the step that adds 5 to Score: whoever could has reached the goal by then',
      '/on/go/1 nobody can take the way to “Hot”: whoever could has reached the goal by then',
    ])
  })

  test('on whose own way it is not looked at again', () => {
    const steps = { a: wait('end'), b: choose(['end', hot], 'end'), end }
    expect(said('behind_ending', journeyOf(steps, { meta: { goal: { when: hot, to: 'b' } } }))).toEqual([])
  })
})

describe('journeys that may send one person something on the same day', () => {
  const mails = (
    id: string,
    on: Journey['on'],
    steps: Record<string, Step> = { a: email('end'), end },
    meta = {},
  ) => journeyOf(steps, { id, on, meta: { name: id.toUpperCase(), ...meta } })
  const found = (journey: Journey, ...others: Journey[]) =>
    said('mails_on_a_day', journey, { journeys: others })
  const go = { go: triggerTo('a') }

  test('by the same event', () => {
    expect(found(mails('one', go), mails('two', go), mails('three', go))).toEqual([
      '/on/go who enters here may get a message from “TWO” and “THREE” on the same day too: is that meant?',
    ])
    expect(found(mails('one', go), mails('two', { come: triggerTo('a') }))).toEqual([])
    expect(found(mails('one', { go: [triggerTo('a')] }), mails('two', go))[0]).toContain('/on/go/0')
  })

  test('within a day, without a question in between', () => {
    const after = (delay: string, last: Step = email('end')) => ({ a: waits(delay, 'b'), b: last, end })
    expect(found(mails('one', go, after('PT20H')), mails('two', go))).toHaveLength(1)
    expect(found(mails('one', go, after('PT24H')), mails('two', go))).toEqual([])
    expect(found(mails('one', go, after('at 09:00')), mails('two', go))).toEqual([])
    const twice = { a: waits('PT13H', 'b'), b: waits('PT12H', 'c'), c: email('end'), end }
    expect(found(mails('one', go, twice), mails('two', go))).toEqual([])
    const call = { a: awaited(calls(''), 'b', 'end'), b: sms('end'), end }
    expect(found(mails('one', go, call), mails('two', go))).toHaveLength(1)
    const again = { a: update('b'), b: choose(['a', score('>', 5)], 'end'), end }
    expect(found(mails('one', go, again), mails('two', go))).toEqual([])
  })

  test('not where it is an answer to what the person did', () => {
    const receipt: Step = {
      meta: { kind: 'email' },
      entry: { type: 'sendEmail', params: { template: 'welcome', messageType: 'transactional' } },
      always: 'end',
    }
    expect(found(mails('one', go, { a: receipt, end }), mails('two', go))).toEqual([])
    expect(found(mails('one', go, { a: calls('end'), end }), mails('two', go))).toEqual([])
  })

  test('not where they are for different people, or nobody can say', () => {
    const about = (list: string) => ({
      'list.joined': triggerTo('a', { event: 'list', operator: '=', value: list }),
    })
    expect(found(mails('one', about('A')), mails('two', about('A')))).toHaveLength(1)
    expect(found(mails('one', about('A')), mails('two', about('B')))).toEqual([])
    const known = { audience: { field: 'stage', operator: '=', value: 'retention' } as const }
    const fresh = { audience: { field: 'stage', operator: 'is empty' } as const }
    const steps = { a: email('end'), end }
    expect(found(mails('one', go, steps, known), mails('two', go, steps, known))).toHaveLength(1)
    expect(found(mails('one', go, steps, known), mails('two', go, steps, fresh))).toEqual([])
    const many = both(...Array.from({ length: 20 }, (_, index) => ({ list: `L${index}` })))
    expect(found(mails('one', { go: triggerTo('a', many) }), mails('two', go))).toEqual([])
  })

  test('by time only at the same time, and never for who is put in by hand', () => {
    const at = (time: string) => ({ 'time.due': triggerAt(time, 'a', { everybody: true }) })
    expect(found(mails('one', at('at 09:00 mon')), mails('two', at('at 09:00 mon')))).toHaveLength(1)
    expect(found(mails('one', at('at 09:00 mon')), mails('two', at('at 09:00 tue')))).toEqual([])
    const asked = { 'journey.requested': triggerTo('a') }
    expect(found(mails('one', asked), mails('two', asked))).toEqual([])
  })
})

test('what stands in the way of sending is said of journeys that send there', () => {
  const missing = { mail: ['MAIL_FROM is missing'], sms: ['no provider of SMS'], web: [] }
  const found = (step: Step) => said('cannot_send', journeyOf({ a: step, end }), { missing })
  expect(found(email('end'))).toEqual([expect.stringContaining('MAIL_FROM is missing')])
  expect(found(sms('end'))).toEqual([expect.stringContaining('no provider of SMS')])
  expect(found(calls('end'))).toEqual([])
  expect(said('cannot_send', journeyOf({ a: email('end'), end }))).toEqual([])
})

describe('a sentence calls a step by what it does', () => {
  const meta = (kind: string) => ({ kind }) as Step['meta'] & object
  const named = (step: Step) => {
    const journey = journeyOf({ a: update('end'), lost: step, end })
    const parsed = parseJourney(journey)
    expect(parsed.ok ? [] : parsed.problems).toEqual([])
    const problem = checkJourney(journey, KNOWN).find(({ code }) => code === 'unreachable_step')
    return problem?.detail.replace('nobody can get to ', '').replace(': no way leads here', '')
  }
  const mail = (subject: string): Step => ({
    meta: meta('email'),
    entry: { type: 'sendEmail', params: { subject, body: [], messageType: 'newsletter' } },
    always: 'end',
  })
  const steps: readonly [Step, string][] = [
    [{ ...wait('end'), meta: { kind: 'wait', label: 'Breathe' } }, '“Breathe”'],
    [update('end', { add: 10 }), 'the step that adds 10 to Score'],
    [update('end', { subtract: 2.5 }), 'the step that takes 2.5 off Score'],
    [update('end', { attribute: 'FIRST_NAME', set: 'Ada' }), 'the step that changes First name'],
    [choose(['end', score('>', 80)], 'end'), 'the condition “Score is over 80”'],
    [choose(['end', score('>', 80)], ['end', score('>', 50)], 'end'), 'the condition with 3 branches'],
    [
      {
        meta: meta('split'),
        always: [
          { target: 'end', guard: { type: 'share', params: { from: 0, to: 50 } } },
          { target: 'end', guard: { type: 'share', params: { from: 50, to: 100 } } },
        ],
      },
      'the random split',
    ],
    [wait('end'), 'the wait of 1 day'],
    [waits('at 09:00 mon-fri', 'end'), 'the wait until 9:00 on a weekday'],
    [waits('between 09:00-17:00', 'end'), 'the wait for a time between 9:00 and 17:00'],
    [
      { meta: meta('waitFor'), on: { 'email.clicked': 'end' }, after: { P1D: 'end' } },
      'the wait for “clicks in an e-mail”',
    ],
    [
      { meta: meta('waitFor'), always: guarded('end', score('>', 80)), after: { P1D: 'end' } },
      'the wait for “Score is over 80”',
    ],
    [join('end', 'Warm'), 'the step that adds to “Warm”'],
    [quit('end', 'Warm'), 'the step that takes off “Warm”'],
    [move('end', 'Warm'), 'the step that moves to “Warm”'],
    [email('end'), 'the e-mail “welcome”'],
    [mail('Hello  there'), 'the e-mail “Hello there”'],
    [mail(''), 'the e-mail'],
    [sms('end'), 'the SMS “Hi”'],
    [calls('end'), 'the call of crm.example.com'],
    [tells('end'), 'the notice to the team'],
    [stage('end'), 'the step that sets the stage to acquisition'],
    [
      {
        meta: meta('startJourney'),
        entry: { type: 'startJourney', params: { journey: 'a_b' } },
        always: 'end',
      },
      'the step that starts “a b”',
    ],
    [{ meta: meta('leave'), always: 'end' }, 'the step that leaves the journey'],
    [{ type: 'final' }, 'the end'],
    [
      {
        meta: meta('decay'),
        after: {
          'inactive P30D': {
            target: 'lost',
            reenter: true,
            actions: [{ type: 'updateAttribute', params: { attribute: 'SCORE', subtract: 10 } }],
          },
        },
      },
      'the step that lowers Score after 30 days without activity',
    ],
  ]
  test.each(steps)('%o', (step, name) => {
    expect(named(step)).toBe(name)
  })
})
