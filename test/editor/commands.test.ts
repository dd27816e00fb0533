/** What a person can do to a draft: what each command does to the file, and what holds after any sequence of them. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addBranch,
  moveBranch,
  percentsOf,
  removeBranch,
  setShares,
  swapBranches,
} from '../../editor/builder/document/branches.ts'
import { copied, duplicate, pastedIds, pasteSteps } from '../../editor/builder/document/clipboard.ts'
import { isRefusal, type Command } from '../../editor/builder/document/command.ts'
import {
  changeStep,
  describeStep,
  insertStep,
  labelWay,
  leadTo,
  lostWith,
  moveStep,
  removeStep,
  replaceStep,
  setParams,
  tidy,
  whyNotHere,
} from '../../editor/builder/document/commands.ts'
import { draftOf, emptyDraft, type Draft } from '../../editor/builder/document/draft.ts'
import {
  addTrigger,
  giveEndingAWay,
  removeTrigger,
  renameTrigger,
  setMeta,
} from '../../editor/builder/document/frameCommands.ts'
import { graphOf } from '../../editor/builder/document/graph.ts'
import { begun, changed, redone, undone } from '../../editor/builder/document/history.ts'
import { layOut } from '../../editor/builder/document/layout.ts'
import { outlineOf } from '../../editor/builder/document/outline.ts'
import { placesInto, placesOf, targetAt, type Place } from '../../editor/builder/document/places.ts'
import { STEP_KINDS, stepsOf, type Journey, type StepKind } from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'

/** The draft after commands that must not be refused. */
function after(draft: Draft, ...done: readonly Command[]): Draft {
  return done.reduce((before, command) => {
    const result = command(before)
    if (isRefusal(result)) throw new Error(`refused: ${result.refused}`)
    return result
  }, draft)
}

function reason(draft: Draft, command: Command): string | undefined {
  const result = command(draft)
  return isRefusal(result) ? result.refused : undefined
}

const ENTRY: Place = { from: 'entry' }
const always = (step: string, index?: number): Place => ({
  from: 'step',
  step,
  ats: [index === undefined ? ['always'] : ['always', index]],
})
/** Where every step leads, as "points > end". */
function drawn(draft: Draft): readonly string[] {
  return stepsOf(draft).map(([id]) =>
    [
      id,
      ...placesOf(draft).flatMap((place) =>
        place.from === 'step' && place.step === id ? [targetAt(draft, place)] : [],
      ),
    ].join(' > '),
  )
}
const started = after(emptyDraft('new', 'New'), addTrigger('signed_up'))

test('why a kind cannot stand at a place is known without putting it there', () => {
  for (const name of JOURNEY_NAMES) {
    const draft = shippedJourney(name)
    for (const place of placesOf(draft))
      for (const kind of Object.keys(STEP_KINDS) as StepKind[])
        expect(whyNotHere(draft, place, kind) ?? undefined).toBe(reason(draft, insertStep(place, kind)))
  }
  expect(whyNotHere(started, always('nowhere'), 'wait')).toBe('gone')
})

describe('steps', () => {
  test('go in front of a join for all ways that lead there, and undo at once', () => {
    const draft = after(
      started,
      insertStep(ENTRY, 'condition'),
      insertStep(always('check', 0), 'update'),
      insertStep(always('check', 1), 'email'),
      leadTo(always('mail'), 'end'),
      leadTo(always('points'), 'end'),
    )
    const join: Place = { from: 'join', step: 'end' }
    expect(drawn(draft)).toEqual(['check > points > mail', 'mail > end', 'points > end', 'end'])
    const waited = after(draft, insertStep(join, 'wait'))
    expect(drawn(waited)).toEqual([
      'check > points > mail',
      'mail > wait',
      'points > wait',
      'wait > end',
      'end',
    ])
    // A wait for a click is about the message that one of the ways brings, and an SMS comes by day on each.
    expect(JSON.stringify(after(draft, insertStep(join, 'waitFor')).states['until'])).toContain('"mail"')
    expect(drawn(after(draft, insertStep(join, 'sms'))).slice(1, 5)).toEqual([
      'mail > wait',
      'points > wait',
      'wait > sms',
      'sms > end',
    ])
    expect(drawn(after(draft, pasteSteps(join, copied(draft, ['points'])))).slice(1)).toEqual([
      'mail > points2',
      'points > points2',
      'end',
      'points2 > end',
    ])
    // What leads to itself goes on doing so, and a step that nothing leads to has no place before it.
    const faded = after(draft, insertStep(join, 'decay'))
    expect(drawn(after(faded, insertStep({ from: 'join', step: 'fade' }, 'wait'))).slice(1)).toEqual([
      'mail > wait',
      'points > wait',
      'wait > fade',
      'fade > fade',
    ])
    expect(reason(draft, insertStep(join, 'end'))).toBe('ends_already')
    expect(reason(draft, insertStep({ from: 'join', step: 'check' }, 'leave'))).toBe('nothing_follows')
    expect(
      reason(
        after(draft, removeTrigger({ from: 'trigger', event: 'signed_up', index: 0 })),
        insertStep({ from: 'join', step: 'check' }, 'wait'),
      ),
    ).toBe('gone')
    const done = changed(begun(draft), waited)
    expect(undone(done).present).toBe(draft)
  })

  test('are built from an empty canvas: a trigger, then steps at the end of the way', () => {
    const draft = after(
      emptyDraft('new', 'New'),
      addTrigger('signed_up'),
      insertStep(ENTRY, 'update'),
      insertStep(always('points'), 'email'),
      insertStep(ENTRY, 'wait'),
    )
    expect(drawn(draft)).toEqual(['wait > points', 'points > mail', 'mail > end', 'end'])
    expect(draft.on).toEqual({ signed_up: { target: '.wait', guard: { type: 'mayEnter' } } })
  })

  test('that branch take what followed into their first branch and end the others', () => {
    const draft = after(started, insertStep(ENTRY, 'update'), insertStep(ENTRY, 'condition'))
    expect(drawn(draft)).toEqual(['check > points > end2', 'end2', 'points > end', 'end'])
    expect(drawn(after(draft, swapBranches('check', 0, 1)))[0]).toBe('check > end2 > points')
  })

  test('that end a way are refused in the middle of it', () => {
    const draft = after(started, insertStep(ENTRY, 'update'))
    expect(reason(draft, insertStep(ENTRY, 'decay'))).toBe('nothing_follows')
    expect(reason(draft, insertStep(ENTRY, 'leave'))).toBe('nothing_follows')
    expect(reason(draft, insertStep(always('points'), 'end'))).toBe('ends_already')
    expect(drawn(after(draft, insertStep(always('points'), 'decay')))).toEqual([
      'points > fade',
      'fade > fade',
    ])
  })

  test('that are removed close the way; of several ways a person says which stays', () => {
    const draft = after(
      started,
      insertStep(ENTRY, 'condition'),
      insertStep(always('check', 0), 'update'),
      insertStep(always('check', 1), 'email'),
      insertStep(always('mail'), 'wait'),
    )
    expect(reason(draft, removeStep('check'))).toBe('which_branch')
    expect(lostWith(draft, 'check', 'points')).toEqual(['mail', 'wait'])
    expect(drawn(after(draft, removeStep('check', 'points')))).toEqual(['points > end', 'end'])
    expect(drawn(after(draft, removeStep('mail')))).toContain('check > points > wait')
    expect(reason(draft, removeStep('end'))).toBe('ends_already')
  })

  test('become another kind in their place and keep their label', () => {
    const draft = after(started, insertStep(ENTRY, 'update'), describeStep('points', { label: 'Hello' }))
    const other = after(draft, replaceStep('points', 'addToList'))
    expect(drawn(other)).toEqual(['points > end', 'end'])
    expect(other.states['points']?.meta).toEqual({ kind: 'addToList', label: 'Hello' })
  })

  test('wait for a click in the mail before them', () => {
    const draft = after(started, insertStep(ENTRY, 'email'), insertStep(always('mail'), 'waitFor'))
    expect(draft.states['until']?.on).toEqual({
      'email.clicked': {
        target: 'end',
        guard: { type: 'holds', params: { when: { message: 'mail', was: 'clicked' } } },
      },
    })
  })

  test('keep what was typed, right or wrong', () => {
    const draft = after(started, insertStep(ENTRY, 'update'), setParams('points', { add: 'ten' }))
    expect(draft.states['points']?.entry?.params).toEqual({ attribute: 'SCORE', add: 'ten' })
    expect(draftOf(draft)).toBe(draft)
  })

  test('keep where they were put until everything is tidied', () => {
    const draft = after(started, insertStep(ENTRY, 'update'))
    const moved = after(draft, moveStep('points', { x: 10.4, y: -3 }))
    expect(moved.states['points']?.meta?.offset).toEqual({ x: 10, y: -3 })
    expect(after(moved, tidy)).toEqual(draft)
  })
})

describe('ways', () => {
  test('lead to another step and drop the bare end they led to', () => {
    const draft = after(started, insertStep(ENTRY, 'condition'), insertStep(always('check', 0), 'update'))
    const joined = after(draft, leadTo(always('check', 1), 'points'))
    expect(drawn(joined)).toEqual(['check > points > points', 'points > end', 'end'])
  })

  test('of a split share a hundred among them', () => {
    const draft = after(started, insertStep(ENTRY, 'split'))
    const shares = (of: Draft) => percentsOf(of.states['split']?.always as never)
    expect(shares(draft)).toEqual([50, 50])
    const three = after(draft, addBranch('split'))
    expect(shares(three)).toEqual([34, 33, 33])
    expect(shares(after(three, removeBranch('split', 1)))).toEqual([67, 33])
    expect(shares(after(three, setShares('split', [10, 80, 10])))).toEqual([10, 80, 10])
    expect(reason(draft, removeBranch('split', 0))).toBe('two_branches')
  })

  test('of a condition keep "Everyone else" the last', () => {
    const draft = after(started, insertStep(ENTRY, 'condition'), addBranch('check'))
    expect(reason(draft, removeBranch('check', 2))).toBe('last_branch')
    expect(reason(draft, moveBranch('check', 0, 2))).toBe('last_branch')
    expect(drawn(after(draft, moveBranch('check', 0, 1)))[0]).toBe('check > end3 > end > end2')
    expect(
      after(draft, labelWay({ from: 'step', step: 'check', ats: [['always', 0]] }, 'Hot')).states['check']
        ?.always,
    ).toMatchObject([{ meta: { label: 'Hot' } }, {}, {}])
  })

  test('of the goal begin at an end and go again with all that only they led to', () => {
    const draft = after(started, setMeta({ goal: { when: { field: 'SCORE', operator: '>', value: 80 } } }))
    const own = after(
      draft,
      giveEndingAWay('goal', true),
      insertStep({ from: 'ending', ending: 'goal' }, 'notify'),
    )
    expect(drawn(own)).toEqual(['notice > end2', 'end', 'end2'])
    expect(after(own, giveEndingAWay('goal', false))).toEqual(draft)
  })
})

describe('triggers', () => {
  test('are added to where the others lead, also a second one on the same event, and taken away', () => {
    const two = after(
      started,
      insertStep(ENTRY, 'update'),
      addTrigger('signed_up', { when: { list: 'VIP' } }),
    )
    expect(two.on['signed_up']).toMatchObject([{ target: '.points' }, { target: '.points' }])
    const one = after(two, removeTrigger({ from: 'trigger', event: 'signed_up', index: 0 }))
    expect(one.on['signed_up']).toEqual({
      target: '.points',
      guard: { type: 'mayEnter', params: { when: { list: 'VIP' } } },
    })
    const none = after(one, removeTrigger({ from: 'trigger', event: 'signed_up', index: 0 }))
    expect(none.on).toEqual({})
    expect(drawn(none)).toEqual(['points > end', 'end'])
    expect(after(none, addTrigger('asked')).on).toMatchObject({ asked: { target: '.points' } })
  })

  test('listen to another event in the place they had', () => {
    const draft = after(
      started,
      addTrigger('asked'),
      renameTrigger({ from: 'trigger', event: 'signed_up', index: 0 }, 'joined'),
    )
    expect(Object.keys(draft.on)).toEqual(['joined', 'asked'])
  })
})

describe('copies', () => {
  const draft = after(
    started,
    insertStep(ENTRY, 'email'),
    insertStep(always('mail'), 'waitFor'),
    insertStep({ from: 'step', step: 'until', ats: [['on', 'email.clicked']] }, 'update'),
  )

  test('go into another journey under names of their own, with the ways between them', () => {
    const text = copied(draft, ['mail', 'until', 'points'])
    const other = after(started, insertStep(ENTRY, 'email'))
    expect(pastedIds(other, text)).toEqual(['mail2', 'until', 'points'])
    const both = after(other, pasteSteps(always('mail'), text))
    expect(drawn(both)).toEqual([
      'mail > mail2',
      'end',
      'mail2 > until',
      'until > points > end',
      'points > end',
    ])
    expect(JSON.stringify(both.states['until'])).toContain('"message":"mail2"')
  })

  test('get ids that a file may have, whatever the text calls them', () => {
    const wait = { meta: { kind: 'wait' }, after: { P1D: 'next' } }
    const ids = ['__proto__', 'constructor', 'reached', 'Über uns', '7', 'a'.repeat(64)]
    const steps = Object.fromEntries(ids.map((id) => [id, wait]))
    const text = JSON.stringify({ tidemark: 'steps', steps, next: 'next' })
    const named = ['wait', 'wait2', 'wait3', 'wait4', 'wait5', 'a'.repeat(56)]
    expect(pastedIds(started, text).toSorted()).toEqual(named.toSorted())
    expect(Object.keys(after(started, pasteSteps(ENTRY, text)).states).toSorted()).toEqual(
      ['outside', 'end', ...named].toSorted(),
    )
  })

  test('of one step stand behind it', () => {
    const twice = after(draft, duplicate(draft, 'points'))
    expect(drawn(twice)).toContain('points > points2')
    expect(drawn(twice)).toContain('points2 > end')
  })

  test.each([
    '',
    'no JSON',
    '{}',
    '[]',
    '{"tidemark":"steps","next":"x","steps":{}}',
    '{"tidemark":"steps","next":"x","steps":{"a":{"meta":{"kind":"wait"}}}}',
    '{"tidemark":"steps","next":"x","steps":{"outside":{}}}',
  ])('are not made of %j', (text) => expect(reason(draft, pasteSteps(ENTRY, text))).toBe('no_steps'))
})

test('a mail that becomes a wait waits for the mail before it, never for itself', () => {
  const mail = { from: 'step', step: 'mail', ats: [['always']] } as const
  const draft = after(started, insertStep(ENTRY, 'email'), insertStep(mail, 'email'))
  const heard = (changed: Draft, id: string) => JSON.stringify(changed.states[id]?.on)
  expect(heard(after(draft, replaceStep('mail2', 'waitFor')), 'mail2')).toContain('"message":"mail"')
  expect(heard(after(draft, replaceStep('mail', 'waitFor')), 'mail')).toBe('{"email.clicked":"mail2"}')
})

describe('after any sequence of commands', () => {
  const KINDS = Object.keys(STEP_KINDS) as StepKind[]
  const number = fc.nat({ max: 30 })
  /** A command chosen by numbers, so that every sequence can be drawn before the draft is known. */
  const anyCommand = fc.record({ what: fc.nat({ max: 17 }), first: number, second: number, third: number })
  function chosen(
    draft: Draft,
    { what, first, second, third }: { what: number; first: number; second: number; third: number },
  ): Command {
    const pick = <Item>(items: readonly Item[], by: number): Item | undefined =>
      items[by % Math.max(1, items.length)]
    const ids = stepsOf(draft).map(([id]) => id)
    const places: readonly Place[] = [ENTRY, ...placesOf(draft)]
    const place = pick(places, first) as Place
    const id = pick(ids, second) ?? 'end'
    const kind = pick(KINDS, third) as StepKind
    const trigger = {
      from: 'trigger',
      event: pick(Object.keys(draft.on), second) ?? 'none',
      index: third % 2,
    } as const
    const kept = targetAt(draft, { from: 'step', step: id, ats: [['always', third % 3]] })
    return [
      insertStep(place, kind),
      insertStep(place, kind),
      insertStep(place, kind),
      removeStep(id, first % 2 ? undefined : kept),
      replaceStep(id, kind),
      leadTo(place, id),
      addBranch(id),
      removeBranch(id, first % 4),
      swapBranches(id, first % 3, third % 3),
      moveBranch(id, first % 3, third % 3),
      setShares(id, [first, third]),
      addTrigger(
        pick(['a', 'b', 'score.changed'], first) ?? 'a',
        third % 2 ? { when: { all: [] } } : undefined,
      ),
      removeTrigger(trigger),
      renameTrigger(trigger, pick(['a', 'b', 'c'], first) ?? 'a'),
      setMeta(third % 2 ? { goal: { when: { all: [] } } } : { goal: undefined }),
      giveEndingAWay('goal', first % 2 === 0),
      pasteSteps(
        place,
        copied(
          draft,
          ids.filter((_, index) => (index + third) % 3 === 0),
        ),
      ),
      changeStep(id, (step) => ({ ...step, meta: { kind: 'end', ...step.meta, label: `label ${first}` } })),
    ][what] as Command
  }
  const anyStart = fc.constantFrom<Journey>(emptyDraft('new', 'New'), ...JOURNEY_NAMES.map(shippedJourney))

  test('the skeleton stands, everything can be drawn, and undoing all of it restores the first draft exactly', () => {
    fc.assert(
      fc.property(anyStart, fc.array(anyCommand, { maxLength: 25 }), (start, list) => {
        let history = begun(start)
        for (const each of list) {
          const result = chosen(history.present, each)(history.present)
          if (isRefusal(result)) continue
          history = changed(history, result)
          expect(draftOf(JSON.parse(JSON.stringify(result)))).not.toBeNull()
          outlineOf(graphOf({ journey: result, journeyName: String, subject: () => undefined }))
        }
        layOut(graphOf({ journey: history.present, journeyName: String, subject: () => undefined }))
        const last = history.present
        const count = history.past.length
        for (let step = 0; step < count; step++) history = undone(history)
        expect(history.present).toBe(start)
        expect(undone(history)).toEqual(history)
        for (let step = 0; step < count; step++) history = redone(history)
        expect(history.present).toBe(last)
      }),
      { numRuns: 300 },
    )
  })

  test('every way that is drawn names the place in the file that leads there', () => {
    for (const journey of JOURNEY_NAMES.map(shippedJourney)) {
      for (const { place, to } of graphOf({ journey, journeyName: String, subject: () => undefined }).ways)
        expect(targetAt(journey, place)).toBe(to)
    }
  })

  test('a command that changes nothing answers the same draft', () => {
    const draft = shippedJourney('welcome')
    const same: readonly Command[] = [
      leadTo(always('list'), 'mail'),
      describeStep('mail', {}),
      setParams('points', { add: 10 }),
      tidy,
      setMeta({ name: draft.meta.name }),
      renameTrigger({ from: 'trigger', event: 'newsletter_subscribed', index: 0 }, 'newsletter_subscribed'),
      replaceStep('mail', 'email'),
      moveStep('mail', { x: 0, y: 0 }),
    ]
    expect(same.map((command) => command(draft) === draft)).toEqual(same.map(() => true))
    expect(placesInto(draft, 'nowhere')).toEqual([])
  })
})
