/** What is wrong with a draft: at which card it is told, in which order, and what its mending buttons do. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRefusal, type Command } from '../../editor/builder/document/command.ts'
import { insertStep } from '../../editor/builder/document/commands.ts'
import { draftOf, type Draft } from '../../editor/builder/document/draft.ts'
import { graphOf } from '../../editor/builder/document/graph.ts'
import { placesFrom, placesOf, withTarget } from '../../editor/builder/document/places.ts'
import { foundIn, together } from '../../editor/builder/problems/found.ts'
import { mendsOf } from '../../editor/builder/problems/mends.ts'
import { sentenceOf } from '../../editor/builder/problems/sentence.ts'
import {
  groupedByPlace,
  placeOf,
  problemsAt,
  severitiesOf,
  toldOf,
} from '../../editor/builder/problems/where.ts'
import {
  kindOf,
  problemsOf,
  stepsOf,
  type Known,
  type Problem,
  type ProblemCode,
  type Step,
} from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { act, draft, FAULTS, KNOWN, mail, waits } from '../support/faults.ts'
import { largeJourney } from '../support/largeJourney.ts'
import { triggerTo } from '../support/journeys.ts'
import { choose, email, end, join, score, update, wait } from '../support/steps.ts'

const name = (id: string) => id

function mended(before: Draft, command: Command): Draft {
  const after = command(before)
  if (isRefusal(after)) throw new Error(`refused: ${after.refused}`)
  expect(draftOf(after)).toBe(after)
  return after
}

// ---- Mends -----------------------------------------------------------------------------------------------------------

describe('the button that mends', () => {
  test.each(FAULTS)('%s', (code, faulty, labels, shows, is) => {
    const before = problemsOf(faulty, KNOWN)
    const problem = before.find((each) => each.code === code) as Problem
    expect(before.map((each) => each.code)).toContain(code)
    const mends = mendsOf(problem, faulty, name)
    expect(mends.map(({ label }) => label)).toEqual(labels)
    for (const { command } of mends) expectMended(problem, faulty, mended(faulty, command))
    expect(shows(mended(faulty, mends[0]!.command))).toEqual(is)
  })

  test('is missing where only a person can tell', () => {
    const alone: readonly [ProblemCode, Draft][] = [
      ['unfinished', draft({ a: join('end', ''), end })],
      ['no_trigger', draft({ end }, { on: {} })],
      ['unknown_template', draft({ a: email('end', 'something else'), end })],
      ['unknown_segment', draft({ a: choose(['end', { segment: 'Nothing like it' }], 'end'), end })],
      [
        'not_a_message',
        draft({
          one: email('two'),
          two: { ...mail('x'), always: 'b' },
          b: choose(['end', { message: 'lost', was: 'clicked' }], 'end'),
          end,
        }),
      ],
      ['never_received', draft({ a: update('end'), end }, { on: { other: triggerTo('a') } })],
      [
        'behind_ending',
        draft(
          { a: update('end'), end },
          { on: { go: triggerTo('a', score('>', 90)) }, meta: { goal: { when: score('>', 80) } } },
        ),
      ],
      [
        'goal_in_passing',
        draft(
          { a: update('b'), b: update('end'), x: join('end', 'Customers'), end },
          { meta: { goal: { when: score('>', 80), to: 'x' } } },
        ),
      ],
      ['bad_address', draft({ a: mail('[here](somewhere)'), end })],
      ['unexpected', draft({ a: waits('3 dys', 'end'), end })],
      [
        'unreachable_step',
        draft(
          { a: wait('a'), b: act('sms', 'sendSms', { text: 'x', messageType: 'transactional' }), end },
          { meta: { goal: { when: { message: 'b', was: 'clicked' } } } },
        ),
      ],
      ['gap', draft({ a: choose(['end', { not: score('>=', 50) }], ['end', score('>', 50)], 'end'), end })],
      [
        'overlap',
        draft({
          a: choose(['end', { any: [score('<', 50)] }], ['end', { any: [score('>', 20)] }], 'end'),
          end,
        }),
      ],
    ]
    for (const [code, faulty] of alone) {
      const problem = problemsOf(faulty, KNOWN).find((each) => each.code === code) as Problem
      expect({ code, mends: problem && mendsOf(problem, faulty, name) }).toEqual({ code, mends: [] })
    }
    expect(
      mendsOf({ severity: 'error', code: 'of another day', path: '', detail: '' }, draft({ end }), name),
    ).toEqual([])
  })

  test('does nothing where the draft has changed since', () => {
    for (const [code, faulty] of FAULTS) {
      const problem = problemsOf(faulty, KNOWN).find((each) => each.code === code) as Problem
      const other = draft({ z: update('end'), end })
      for (const { command } of mendsOf(problem, faulty, name)) command(other)
      for (const { command } of mendsOf(problem, other, name)) command(other)
    }
    expect(FAULTS.length).toBeGreaterThan(30)
  })
})

/** As long as one of these is there, nothing else can be told. */
const HIDING: readonly string[] = ['decay_target', 'leave_target', 'unexpected']

/** The problem is gone, and no other error came. */
function expectMended(problem: Problem, before: Draft, after: Draft): void {
  const told = problemsOf(before, KNOWN)
  const left = problemsOf(after, KNOWN)
  expect(left).not.toContainEqual(problem)
  if (told.some(({ code }) => HIDING.includes(code))) return
  // A wait in front of a step that was in trouble already is in the same; so is what only a lost step leads to.
  const isOfThat = (each: Problem) =>
    each.code === 'unreachable_step' && told.some(({ code }) => code === 'unreachable_step')
  const codes = (of: readonly Problem[]) =>
    of.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  const known = codes(told)
  // Which journeys set each other off the page does not know: where a step comes to life it may be one of theirs.
  const isTheirs = ({ code }: Problem) => problem.code === 'unreachable_step' && code === 'endless_circle'
  for (const code of codes(left.filter((each) => !isOfThat(each) && !isTheirs(each)))) {
    expect(known).toContain(code)
    known.splice(known.indexOf(code), 1)
  }
}

test('in a shipped journey with faults planted at random, each button mends what it says and breaks nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...JOURNEY_NAMES),
      fc.array(fc.tuple(fc.constantFrom(...PLANTS), fc.nat()), { minLength: 1, maxLength: 3 }),
      (journey, plants) => {
        const faulty = plants.reduce((so, [plant, at]) => plant(so, at), shippedJourney(journey))
        fc.pre(draftOf(faulty) !== null)
        for (const problem of problemsOf(faulty, KNOWN))
          for (const { command } of mendsOf(problem, faulty, name))
            expectMended(problem, faulty, mended(faulty, command))
        expect(draftOf(faulty)).toBe(faulty)
      },
    ),
    { numRuns: 200 },
  )
})

type Plant = (draft: Draft, at: number) => Draft
const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length]!
const commanded = (draft: Draft, command: Command): Draft => {
  const after = command(draft)
  return isRefusal(after) ? draft : after
}
const withStep = (draft: Draft, id: string, step: Step): Draft => ({
  ...draft,
  states: { ...draft.states, [id]: step },
})
const somewhere = (draft: Draft, at: number) => pick(placesOf(draft), at)
const anyStep = (draft: Draft, at: number) => pick(stepsOf(draft), at)

const PLANTS: readonly Plant[] = [
  // another message at the same moment, or a decision, a wait, a list that is not filled in
  (draft, at) => commanded(draft, insertStep(somewhere(draft, at), 'sms')),
  (draft, at) => commanded(draft, insertStep(somewhere(draft, at), 'email')),
  (draft, at) => commanded(draft, insertStep(somewhere(draft, at), 'condition')),
  (draft, at) => commanded(draft, insertStep(somewhere(draft, at), 'addToList')),
  // a way that leads to any other step, back or ahead
  (draft, at) => withTarget(draft, somewhere(draft, at), anyStep(draft, at >> 4)[0]),
  (draft, at) => withTarget(draft, somewhere(draft, at), anyStep(draft, at >> 5)[0]),
  // a step that nothing leads to
  (draft, at) => withStep(draft, 'lost', update(anyStep(draft, at)[0])),
  // every time, side by side
  (draft) => ({ ...draft, meta: { ...draft.meta, reentry: { policy: 'parallel' } } }),
  (draft) => ({ ...draft, meta: { ...draft.meta, goal: { when: score('>', 4) } } }),
  // shorter waits, no time-outs
  (draft, at) => {
    const waiting = stepsOf(draft).filter(([, step]) => kindOf(step) === 'wait')
    if (waiting.length === 0) return draft
    const [id, step] = pick(waiting, at)
    return withStep(draft, id, { ...step, after: { PT1M: Object.values(step.after ?? {})[0] ?? id } })
  },
  (draft, at) => {
    const [id, step] = anyStep(draft, at)
    const { after: _, ...rest } = step
    return kindOf(step) === 'waitFor' && placesFrom(draft, id).length > 1 ? withStep(draft, id, rest) : draft
  },
  // triggers twice
  (draft) => {
    const [event, on] = Object.entries(draft.on)[0]!
    return Array.isArray(on) ? draft : { ...draft, on: { ...draft.on, [event]: [on, on] as never } }
  },
]

// ---- Where problems are told -----------------------------------------------------------------------------------------

const problem = (severity: Problem['severity'], path: string, code: ProblemCode = 'unfinished'): Problem => ({
  severity,
  code,
  path,
  detail: `${severity} at ${path}`,
})

describe('what is wrong', () => {
  const others = JOURNEY_NAMES.map((each) => shippedJourney(each))
  const known: Known = {
    ...KNOWN,
    journeys: others,
    attributes: ['FIRSTNAME'],
    received: ['form_submitted'],
    missing: { mail: ['no sender'], sms: [], web: [] },
  }
  const keysIn = (problems: readonly { readonly code: string; readonly path: string }[]) =>
    problems.map(({ code, path }) => `${code} ${path}`).toSorted()

  test('is found at once by the draft itself, and with what the server adds it is all there is', () => {
    const drafts = [...others, ...FAULTS.map(([, faulty]) => faulty), largeJourney(60)]
    for (const each of drafts) {
      const server = problemsOf(each, known)
      expect(keysIn(together(foundIn(each), server))).toEqual(keysIn(server))
    }
    const codes = (problems: readonly { readonly code: string }[]) =>
      new Set(problems.map(({ code }) => code))
    const here = codes(drafts.flatMap(foundIn))
    expect(here).toContain('unfinished')
    expect(here).not.toContain('unknown_template')
    expect(here).not.toContain('never_received')
  })

  test('goes at once when it is mended, whatever the server said before', () => {
    const before = draft({ a: join('end', ''), end })
    const server = problemsOf(before, KNOWN)
    expect(together(foundIn(before), server).map(({ code }) => code)).toEqual(['unfinished'])
    expect(together(foundIn(draft({ a: join('end', 'News'), end })), server)).toEqual([])
    const unknown = draft({ a: email('end', 'something else'), end })
    expect(together(foundIn(unknown), []).map(({ code }) => code)).not.toContain('unknown_template')
    expect(together(foundIn(unknown), problemsOf(unknown, KNOWN)).map(({ code }) => code)).toContain(
      'unknown_template',
    )
  })
})

describe('a problem says', () => {
  const said = (faulty: Draft) => problemsOf(faulty, KNOWN).map((each) => sentenceOf(each, faulty))

  test('what is needed, without the words of the file', () => {
    expect(said(draft({ a: waits('at 25:00', 'end'), end }))).toEqual([
      'A time of day is needed, such as 9:00, and at least one day.',
    ])
    expect(said(draft({ a: waits('between 10:00-10:00', 'end'), end }))).toEqual([
      'Two times of day are needed that differ, such as 9:00 and 17:00, and at least one day.',
    ])
    expect(
      said(draft({ a: act('update', 'updateAttribute', { attribute: 'SCORE', add: '1x' }), end })),
    ).toEqual(['A number with at most two decimals is needed, or one that the event brings along.'])
    // Where no more is known, the engine's own words are better than none; so are those of all other problems.
    expect(said(draft({ a: choose(['end', score('>', 'x' as unknown as number)], 'end'), end }))).toEqual([
      'Expected a number, got "x"',
    ])
    expect(said(draft({ a: join('end', ''), end }))).toEqual(['No list is chosen yet'])
    // An event may be called like a part of the file.
    expect(
      said(draft({ a: update('end'), end }, { on: { list: triggerTo('a', { not: 5 } as never) } }))[0],
    ).toMatch(/^Expected/)
  })
})

describe('a problem is told', () => {
  const journey = draft(
    { a: update('b'), b: wait('end'), end },
    {
      on: { go: triggerTo('a'), 'score.changed': [triggerTo('a'), triggerTo('b')] },
      meta: { goal: { when: score('>', 80) } },
    },
  )

  test.each([
    ['/states/b/after/P1D', 'b'],
    ['/states/gone/after', null],
    ['/states/outside', null],
    ['/on', 'outside'],
    ['/on/go/guard/params/when', 'outside:trigger:0:go'],
    ['/on/score.changed/1/guard', 'outside:trigger:1:score.changed'],
    ['/on/gone', 'outside'],
    ['/meta/goal/when', 'outside:goal'],
    ['/meta/exits/0/when', 'outside:exits'],
    ['/meta/audience', 'outside:audience'],
    ['/meta/reentry/key', 'outside:reentry'],
    ['/meta/name', null],
    ['', null],
  ])('of %s at %s', (path, id) => {
    expect(placeOf(path, journey)).toBe(id)
  })

  const problems = [
    problem('warning', '/states/b'),
    problem('warning', '/on/go'),
    problem('error', '/states/b/after'),
    problem('warning', '/states/a'),
    problem('error', ''),
  ]

  test('at its card, errors first; the frame has those of all its parts', () => {
    expect(problemsAt(problems, journey, 'b').map(({ path }) => path)).toEqual([
      '/states/b/after',
      '/states/b',
    ])
    expect(problemsAt(problems, journey, 'outside').map(({ path }) => path)).toEqual(['/on/go'])
    expect(problemsAt(problems, journey, 'end')).toEqual([])
  })

  test('in the order of the journey, cards with errors first', () => {
    const graph = graphOf({ journey, journeyName: name, subject: () => undefined })
    const groups = groupedByPlace(problems, journey, graph)
    expect(groups.map(({ id, problems: own }) => [id, own.map(({ severity }) => severity)])).toEqual([
      [null, ['error']],
      ['b', ['error', 'warning']],
      ['outside:trigger:0:go', ['warning']],
      ['a', ['warning']],
    ])
  })

  test('not while its card is filled in for the first time, nor when its step is gone', () => {
    const gone = problem('error', '/states/gone/entry')
    const shape = problem('error', '/states')
    const paths = (fresh: readonly string[]) =>
      toldOf([...problems, gone, shape], journey, new Set(fresh)).map(({ path }) => path)
    expect(paths([])).toEqual([...problems.map(({ path }) => path), '/states'])
    expect(paths(['b'])).toEqual(['/on/go', '/states/a', '', '/states'])
  })

  test('by a dot as bad as the worst of it, also on the frame', () => {
    expect([...severitiesOf(problems, journey)]).toEqual([
      ['b', 'error'],
      ['outside:trigger:0:go', 'warning'],
      ['outside', 'warning'],
      ['a', 'warning'],
    ])
    const worse = [problem('error', '/on/go'), problem('warning', '/on/go')]
    expect(severitiesOf(worse, journey).get('outside')).toBe('error')
  })
})
