/**
 * Every state of each shipped journey that can be reached, walked through without XState: a naive reading of the file,
 * short and without a thought for speed, must agree with the engine about where everybody is and what they have.
 */
import { expect, test } from 'vitest'
import { fold, holds, newHistory, type Contact, type Happens, type History } from '../../engine/index.ts'
import type { Condition } from '../../engine/dialect/conditions.ts'
import type { Action } from '../../engine/dialect/actions.ts'
import type { Journey } from '../../engine/journey.ts'
import { stepsOf } from '../../engine/reading.ts'
import { branchesOf, firstStepOf, reentryOf, triggersOf } from '../../engine/reading.ts'
import { draw } from '../../engine/split.ts'
import {
  ada,
  END,
  entry,
  event,
  list,
  notify,
  points,
  publishedWith,
  smsWithResult,
  split,
  wait,
  waitFor,
  webhook,
} from '../support/entries.ts'
import { journeyOf, triggerAt, triggerTo } from '../support/journeys.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'

// ---- The naive reading -----------------------------------------------------------------------------------------------

interface Passage {
  step: string
  way: 'goal' | 'exit' | null
  live: boolean
  clicked: boolean
  trail: string[]
}
interface Naive {
  points: number
  lists: string[]
  stage: Contact['stage']
  consent: Contact['consent']['email']['status']
  /** What a webhook answered. */
  tier: string | null
  segments: string[]
  passages: Passage[]
}
interface Heard {
  readonly name: string
  readonly properties: { readonly [key: string]: string | number }
  /** The passage that alone hears it: the result of its step. */
  readonly only?: number
  /** Nobody inside hears it: the time of a trigger has come. */
  readonly triggersOnly?: true
}

/** Looked at again after each change, all of them. */
const SEGMENTS: { readonly [name: string]: Condition } = {
  Hot: { field: 'SCORE', operator: '>', value: 20 },
  Mild: { all: [{ not: { segment: 'Hot' } }, { list: 'Warm leads' }] },
}

const newPassage = (): Passage => ({ step: 'outside', way: null, live: true, clicked: false, trail: [] })

/** What one happening does, and all that follows; `wake` is the passage whose time is over. */
function naively(journey: Journey, before: Naive, first: readonly Heard[], wake?: number): Naive {
  const now = structuredClone(before)
  const queue = [...first]
  let at: Heard = { name: 'time.due', properties: {} }

  const yes = (when: Condition, passage: Passage) =>
    holds(when, {
      contact: {
        ...ada(),
        attributes: now.tier === null ? {} : { TIER: now.tier },
        scores: { SCORE: now.points * 100 },
        lists: now.lists,
        stage: now.stage,
        consent: { ...ada().consent, email: { status: now.consent, at: 0, source: null } },
      },
      enrollment: { messages: { mail: { id: 'm', was: passage.clicked ? ['clicked'] : [] } }, seq: 1 },
      event: at,
      loaded: () => [],
      happened: [],
      segments: new Map(Object.entries(SEGMENTS)),
      seq: 0,
    } as never)
  const change = (action: Action) => {
    const lists = (next: string[]) => {
      const left = now.lists.filter((list) => !next.includes(list))
      const joined = next.filter((list) => !now.lists.includes(list))
      now.lists = next
      queue.push(
        ...left.map((list) => ({ name: 'list.left', properties: { list } })),
        ...joined.map((list) => ({ name: 'list.joined', properties: { list } })),
      )
    }
    if (action.type === 'updateAttribute') {
      const { add = 0, subtract = 0, floor = -Infinity } = action.params
      const after = Math.max(now.points + Number(add) - Number(subtract), Math.min(floor, now.points))
      if (after !== now.points) queue.push({ name: 'score.changed', properties: { attribute: 'SCORE' } })
      now.points = after
    }
    if (action.type === 'setStage' && now.stage !== action.params.stage) {
      now.stage = action.params.stage
      queue.push({ name: 'stage.changed', properties: {} })
    }
    if (action.type === 'addToList') lists([...new Set([...now.lists, action.params.list])])
    if (action.type === 'removeFromList') lists(now.lists.filter((list) => list !== action.params.list))
    if (action.type === 'moveToList') {
      const { list, from = [] } = action.params
      lists([...new Set([...now.lists.filter((name) => name === list || !from.includes(name)), list])])
    }
  }
  const out = (passage: Passage): boolean => {
    const { exits = [], goal } = journey.meta
    if (passage.way !== null) return false
    for (const { when, to, way } of [
      ...exits.map((exit) => ({ ...exit, way: 'exit' as const })),
      ...(goal ? [{ ...goal, way: 'goal' as const }] : []),
    ])
      if (yes(when, passage)) {
        passage.way = way
        if (to === undefined) passage.live = false
        else arrive(passage, to)
        return true
      }
    return false
  }
  const arrive = (passage: Passage, step: string) => {
    const { entry: action, type, always } = journey.states[step]!
    passage.step = step
    passage.trail.push(step)
    if (action) change(action)
    if (type === 'final') passage.live = false
    else if (!out(passage)) follow(passage, branchesOf(always))
  }
  const follow = (passage: Passage, branches: ReturnType<typeof branchesOf>): boolean => {
    const branch = branches.find(({ guard }) => {
      if (guard?.type !== 'share') return !guard || yes(guard.params.when, passage)
      const drawn = draw('ada', journey.id, passage.step)
      return guard.params.from <= drawn && drawn < guard.params.to
    })
    for (const action of branch?.actions ?? []) change(action)
    if (branch) arrive(passage, branch.target)
    return branch !== undefined
  }
  const enter = (waited: boolean) => {
    const fresh = newPassage()
    const { exits = [], goal, audience } = journey.meta
    const trigger = triggersOf(journey.on[at.name] ?? []).find(
      ({ guard: { params } }) =>
        (!params?.at || params.at === at.properties['at']) && (!params?.when || yes(params.when, fresh)),
    )
    const inside = now.passages.filter(({ live }) => live)
    const { policy } = reentryOf(journey)
    if (!trigger || waited) return
    if ((policy === 'once' && now.passages.length > 0) || (policy === 'afterExit' && inside.length > 0))
      return
    if (
      (audience && !yes(audience, fresh)) ||
      [...exits, ...(goal ? [goal] : [])].some(({ when }) => yes(when, fresh))
    )
      return
    if (policy === 'restart') for (const passage of inside) passage.live = false
    now.passages.push(fresh)
    arrive(fresh, firstStepOf(trigger))
  }

  if (wake !== undefined) {
    const passage = now.passages[wake]!
    if (!out(passage)) follow(passage, branchesOf(Object.values(journey.states[passage.step]!.after!)[0]))
  }
  for (let next = queue.shift(); next; next = queue.shift()) {
    at = next
    for (const [segment, when] of Object.entries(SEGMENTS)) {
      const inside = yes(when, newPassage())
      if (inside === now.segments.includes(segment)) continue
      now.segments = [...now.segments.filter((other) => other !== segment), ...(inside ? [segment] : [])]
      queue.push({ name: inside ? 'segment.entered' : 'segment.left', properties: { segment } })
    }
    const before = now.passages.filter(({ live }) => live && !at.triggersOnly)
    const left = before.filter(out)
    const stayed = before.filter((passage) => !left.includes(passage))
    const hearing = stayed.filter((passage) => at.only === undefined || passage === now.passages[at.only])
    const moved = hearing.filter((passage) => {
      const { on, always } = journey.states[passage.step]!
      return follow(passage, branchesOf(on?.[at.name])) || follow(passage, branchesOf(always))
    })
    enter(moved.length > 0)
  }
  return now
}

// ---- What may happen next ------------------------------------------------------------------------------------------------

interface Move {
  readonly name: string
  readonly happens: (hour: number, so: History) => Happens | undefined
  readonly naive: (journey: Journey, so: Naive) => Naive
}

function movesOf(journey: Journey): readonly Move[] {
  const names = new Set([
    ...Object.keys(journey.on),
    ...stepsOf(journey).flatMap(([, { on }]) => Object.keys(on ?? {})),
  ])
  const properties = { path: '/pricing' }
  const events = [...names]
    .filter((name) => !name.includes('.'))
    .map(
      (name): Move => ({
        name,
        happens: (hour) => event(name, hour, properties),
        naive: (journey, so) => {
          const consent = name === 'newsletter_subscribed' ? 'subscribed' : so.consent
          return naively(journey, { ...so, consent }, [{ name, properties }])
        },
      }),
    )
  return [
    ...events,
    ...[0, 1, 25, 60, 90].map(
      (set): Move => ({
        name: `score ${set}`,
        happens: (hour) => entry('score', hour, { attribute: 'SCORE', change: { set }, reason: 'x' }),
        naive: (journey, so) =>
          naively(
            journey,
            { ...so, points: set },
            so.points === set ? [] : [{ name: 'score.changed', properties: { attribute: 'SCORE' } }],
          ),
      }),
    ),
    {
      name: 'unsubscribes',
      happens: (hour) => entry('consent', hour, { purpose: 'email', status: 'unsubscribed', reason: 'x' }),
      naive: (journey, so) =>
        naively(journey, { ...so, consent: 'unsubscribed' }, [{ name: 'our own note', properties: {} }]),
    },
    ...stepsOf(journey).flatMap(([id, { on }]) =>
      on?.['step.done'] === undefined
        ? []
        : [
            resultOf(id, { verdict: 'sent' }),
            resultOf(id, { verdict: 'sent', tier: 'gold' }),
            resultOf(id, { verdict: 'failed' }),
          ],
    ),
    ...triggersOf(journey.on['time.due'] ?? []).map(({ guard }): Move => {
      const delay = guard.params!.at!
      return {
        name: `the time comes: ${delay}`,
        happens: (hour) => entry('due', hour, { journey: journey.id, delay }),
        naive: (journey, so) =>
          naively(journey, so, [{ name: 'time.due', properties: { at: delay }, triggersOnly: true }]),
      }
    }),
    united('a customer', { stage: 'acquisition' }),
    united('a warm lead', { lists: ['Warm leads'] }),
    {
      name: 'time',
      happens: (hour, { enrollments }) => {
        const due = enrollments.find(({ ended, due }) => ended === null && due !== null)
        return due && entry('wake', hour, { enrollment: due.id })
      },
      naive: (journey, so) => {
        const waiting = so.passages.findIndex(({ live, step }) => live && journey.states[step]!.after)
        return naively(journey, so, [], waiting)
      },
    },
    {
      name: 'clicks',
      happens: (hour, { enrollments }) => {
        const passage = enrollments.findLast(({ messages }) => messages['mail'])
        const message = passage?.messages['mail']
        return (
          message &&
          entry('message', hour, {
            message: message.id,
            enrollment: passage.id,
            journey: journey.id,
            step: 'mail',
            visit: 1,
            verdict: 'clicked',
          })
        )
      },
      naive: (journey, so) => {
        const passages = so.passages.map((passage, index) =>
          index === so.passages.findLastIndex(({ trail }) => trail.includes('mail'))
            ? { ...passage, clicked: true }
            : passage,
        )
        return naively(journey, { ...so, passages }, [{ name: 'email.clicked', properties: {} }])
      },
    },
  ]
}

/** What comes back of a step that waits for its result, to the passage that is in it. */
function resultOf(
  step: string,
  answer: { readonly verdict: 'sent' | 'failed'; readonly tier?: string },
): Move {
  return {
    name: `${step} ${answer.verdict} ${answer.tier ?? ''}`,
    happens: (hour, { enrollments }) => {
      const passage = enrollments.find((one) => one.ended === null && one.step === step)
      const message = passage?.messages[step]
      return (
        message &&
        entry('message', hour, {
          message: message.id,
          enrollment: passage.id,
          journey: passage.journey,
          step,
          visit: passage.visits[step]!,
          channel: step === 'call' ? 'webhook' : 'sms',
          verdict: answer.verdict,
          ...(answer.tier !== undefined && { stored: { TIER: answer.tier } }),
        })
      )
    },
    naive: (journey, so) => {
      const only = so.passages.findIndex((passage) => passage.live && passage.step === step)
      const tier = answer.tier ?? so.tier
      const properties = { journey: journey.id }
      return naively(journey, { ...so, tier }, [
        ...(tier === so.tier ? [] : [{ name: 'attribute.changed', properties: { attribute: 'TIER' } }]),
        { name: `${step === 'call' ? 'webhook' : 'sms'}.${answer.verdict}`, properties },
        { name: answer.verdict === 'sent' ? 'step.done' : 'step.failed', properties, only },
      ])
    },
  }
}

/** The person turns out to be known under another name as well. */
function united(as: string, known: Partial<Pick<Contact, 'stage' | 'lists'>>): Move {
  return {
    name: `is united with ${as}`,
    happens: (hour) => entry('merge', hour, { from: ada({ id: 'b', ...known }), enrollments: [] }),
    naive: (journey, so) => {
      const joined = (known.lists ?? []).filter((list) => !so.lists.includes(list))
      const stage = known.stage ?? so.stage
      return naively(journey, { ...so, stage, lists: [...so.lists, ...joined] }, [
        { name: 'contact.merged', properties: {} },
        ...(stage === so.stage ? [] : [{ name: 'stage.changed', properties: {} }]),
        ...joined.map((list) => ({ name: 'list.joined', properties: { list } })),
      ])
    },
  }
}

/** Far enough apart that no cooldown of a shipped journey plays a part and every wait is over. */
const PAUSE = 100 * 24

function seen({ contact, enrollments }: History) {
  return {
    points: contact.scores['SCORE']! / 100,
    lists: contact.lists.toSorted(),
    stage: contact.stage,
    consent: contact.consent.email.status,
    tier: contact.attributes['TIER'] ?? null,
    segments: contact.segments,
    passages: enrollments.map(({ ended, way, visits }) => [ended === null, way, trail(visits)]),
  }
}

/** How often each step was entered, without the ends that the builder of the machine adds. */
function trail(visits: { readonly [step: string]: number }) {
  return Object.entries(visits)
    .filter(([step]) => step !== 'reached' && step !== 'exited')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function seenNaively({ passages, lists, segments, ...rest }: Naive) {
  const count = (steps: readonly string[]) =>
    Object.fromEntries(steps.map((step) => [step, steps.filter((other) => other === step).length]))
  return {
    ...rest,
    lists: lists.toSorted(),
    segments: segments.toSorted(),
    passages: passages.map(({ live, way, trail: steps }) => [live, way, trail(count(steps))]),
  }
}

interface Place {
  readonly history: History
  readonly naive: Naive
  readonly path: readonly string[]
}

/** All that differs for what comes next: two places that look the same are walked from once. */
function kindOf({ naive }: Place): string {
  const passages = naive.passages
    .filter(({ live }) => live)
    .map(({ step, way, clicked }) => [step, way, clicked])
  return JSON.stringify([
    naive.points,
    naive.lists.toSorted(),
    naive.stage,
    naive.consent,
    naive.tier,
    naive.segments.toSorted(),
    passages,
    naive.passages.length > 0,
  ])
}

/** Steps that only other journeys lead to, by the mails they send and the lists they take away: the cases have those. */
const NEED_OTHERS: { readonly [journey: string]: readonly string[] } = {
  engagement: ['three-mails'],
  'case-study': ['cooled'],
}

/** Walks through every state that can be reached, and answers all steps that somebody came to. */
function walked(journey: Journey): ReadonlySet<string> {
  const catalogue = publishedWith(SEGMENTS, journey)
  const start: Naive = {
    points: 0,
    lists: [],
    stage: null,
    consent: 'subscribed',
    tier: null,
    segments: [],
    passages: [],
  }
  const known = new Map<string, Place>()
  const visited = new Set<string>()
  let edge: readonly Place[] = [{ history: newHistory(ada()), naive: start, path: [] }]
  for (let depth = 0; depth < 6 && edge.length > 0; depth++) {
    const next: Place[] = []
    for (const { history, naive, path } of edge)
      for (const move of movesOf(journey)) {
        const happens = move.happens((depth + 1) * PAUSE, history)
        if (!happens) continue
        const { history: after } = fold(history, { ...happens, seq: depth + 1 }, catalogue, 'UTC')
        const place = { history: after, naive: move.naive(journey, naive), path: [...path, move.name] }
        expect({ path: place.path, ...seen(after) }).toEqual({
          path: place.path,
          ...seenNaively(place.naive),
        })
        for (const { trail: steps } of place.naive.passages) for (const step of steps) visited.add(step)
        if (known.has(kindOf(place)) || known.size > 400) continue
        known.set(kindOf(place), place)
        next.push(place)
      }
    edge = next
  }
  return visited
}

test.each(JOURNEY_NAMES)('%s is everywhere where a naive reading of the file says', (name) => {
  const journey = shippedJourney(name)
  const visited = walked(journey)
  const steps = stepsOf(journey).map(([id]) => id)
  expect(steps.filter((step) => !visited.has(step))).toEqual(NEED_OTHERS[name] ?? [])
})

/** Shares, results and answers: what no shipped journey has. Of each id the same person draws something else. */
function withEveryKind(id: string): Journey {
  const gold = { field: 'TIER', operator: '=', value: 'gold' } as const
  return journeyOf(
    {
      parts: split([40, 'text'], [40, 'call'], [20, 'out']),
      text: smsWithResult('thanks', 'call', 'end'),
      thanks: points(5, 'end'),
      call: webhook('asked', 'tell', 'end', { store: { TIER: '/tier' } }),
      asked: {
        meta: { kind: 'condition' },
        always: [{ target: 'good', guard: { type: 'holds', params: { when: gold } } }, { target: 'end' }],
      },
      good: points(20, 'tell'),
      tell: notify('again'),
      again: waitFor({ 'webhook.failed': 'call', go: 'end' }, { P1D: 'end' }),
      out: wait('P1D', 'end'),
      end: END,
    },
    {
      id,
      meta: {
        reentry: { policy: 'afterExit' },
        goal: { when: { field: 'SCORE', operator: '>', value: 80 } },
      },
    },
  )
}

test('shares, results and answers lead where a naive reading of the file says', () => {
  const journeys = ['kinds-0', 'kinds-1', 'kinds-12'].map(withEveryKind)
  const visited = new Set(journeys.flatMap((journey) => [...walked(journey)]))
  expect(stepsOf(journeys[0]!).filter(([id]) => !visited.has(id))).toEqual([])
})

/** Waits for times of all kinds, triggers by time, and segments wherever they may stand. */
const timed = journeyOf(
  {
    hold: wait('at 09:00 mon-fri', 'ask'),
    ask: {
      meta: { kind: 'condition' },
      always: [
        { target: 'warm', guard: { type: 'holds', params: { when: { segment: 'Hot' } } } },
        { target: 'office' },
      ],
    },
    warm: list('Warm leads', 'office'),
    office: wait('between 09:00-17:00', 'more'),
    more: points(10, 'rest'),
    rest: {
      meta: { kind: 'waitFor' },
      on: { 'segment.left': 'less' },
      always: { target: 'mild', guard: { type: 'holds', params: { when: { segment: 'Mild' } } } },
      after: { 'date BORN yearly': 'warm2' },
    },
    less: points(-5, 'end'),
    mild: points(1, 'end'),
    warm2: list('Warm leads', 'end'),
    end: END,
  },
  {
    id: 'timed',
    on: {
      go: triggerTo('hold'),
      'segment.entered': triggerTo('rest', { event: 'segment', operator: '=', value: 'Hot' }),
      'time.due': [
        triggerAt('at 09:00 mon', 'mild', { segment: 'Mild' }),
        triggerAt('inactive P30D', 'office'),
      ],
    },
    meta: {
      reentry: { policy: 'restart' },
      exits: [
        { when: { all: [{ segment: 'Mild' }, { field: 'stage', operator: '=', value: 'acquisition' }] } },
      ],
    },
  },
)

test('times and segments lead where a naive reading of the file says', () => {
  const visited = walked(timed)
  expect(stepsOf(timed).filter(([id]) => !visited.has(id))).toEqual([])
})
