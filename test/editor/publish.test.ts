/** What the publish dialog decides and says before anybody is asked. */
import { describe, expect, test } from 'vitest'
import type { PreviewNumbers } from '../../editor/answers.ts'
import { changesInWords, differencesOf, marksOf } from '../../editor/builder/publish/differences.ts'
import { changesFrom } from '../../editor/builder/publish/MoreMenu.tsx'
import { confirmationOf, isTyped, occupiedOf, preselected } from '../../editor/builder/publish/plan.ts'
import { takenBackInWords } from '../../editor/builder/publish/PublishNotes.tsx'
import { words } from '../../editor/words.ts'
import type { Journey, Step } from '../../engine/index.ts'
import { END, mail, points, wait } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

const STEPS: { readonly [id: string]: Step } = {
  points: points(10, 'pause'),
  pause: wait('P3D', 'mail'),
  mail: mail('end'),
  end: END,
}
const LIVE = journeyOf(STEPS)
const withStep = (id: string, step: Step): Journey => ({ ...LIVE, states: { ...LIVE.states, [id]: step } })
const without = (id: string): Journey => {
  const { [id]: _, ...states } = LIVE.states
  return { ...LIVE, states: { ...states, outside: {} } }
}

describe('those inside', () => {
  test.each([
    ['move along when only points changed', withStep('points', points(15, 'pause')), 'move'],
    ['move along when only a delay changed', withStep('pause', wait('P1D', 'mail')), 'move'],
    ['stay when a way changed', withStep('pause', wait('P3D', 'end')), 'stay'],
    ['stay when a step is new', withStep('more', wait('P1D', 'end')), 'stay'],
    ['stay when who enters changed', { ...LIVE, on: { come: triggerTo('points') } }, 'stay'],
  ])('%s', (_, draft, expected) => {
    expect(preselected(LIVE, draft, ['pause'])).toBe(expected)
  })

  test('stay when the step where somebody waits is not there any more, though that version is older', () => {
    expect(preselected(LIVE, withStep('points', points(15, 'pause')), ['gone'])).toBe('stay')
    expect(preselected(LIVE, without('mail'), [])).toBe('stay')
  })

  test('of a first version stay: there is nobody', () => {
    expect(preselected(null, LIVE, [])).toBe('stay')
  })

  test('are at the steps that count somebody', () => {
    expect(occupiedOf({ pause: 3, mail: 0 })).toEqual(['pause'])
  })
})

function numbers(today: number, more: Partial<PreviewNumbers> = {}): PreviewNumbers {
  const message = { step: 'mail', label: null, channel: 'email', today, week: today, heldBack: [] } as const
  return {
    sample: null,
    matching: { enter: 0, refused: [] },
    inside: [],
    messages: [message],
    people: { today, week: today },
    ...more,
  }
}

describe('the button', () => {
  test('repeats how many people are mailed today', () => {
    expect(confirmationOf(numbers(1), false)).toEqual({
      button: 'Publish and mail 1 person today',
      typed: null,
    })
    expect(confirmationOf(numbers(412), false).button).toBe('Publish and mail 412 people today')
  })

  test('only publishes where nobody gets anything today, or the journey is paused', () => {
    expect(confirmationOf(numbers(0), false)).toEqual({ button: 'Publish', typed: null })
    expect(confirmationOf(numbers(600), true)).toEqual({ button: 'Publish', typed: null })
  })

  test('speaks of writing where it is not e-mail alone', () => {
    const [first] = numbers(3).messages
    const both = [first!, { ...first!, step: 'text', channel: 'sms' as const }]
    expect(confirmationOf(numbers(3, { messages: both }), false).button).toBe(
      'Publish and write to 3 people today',
    )
  })

  test('wants the number typed above 500 messages in a day, and not for what goes to other systems', () => {
    const [first] = numbers(300).messages
    expect(confirmationOf(numbers(500), false).typed).toBeNull()
    expect(confirmationOf(numbers(501), false).typed).toBe(501)
    // Two mails each.
    expect(
      confirmationOf(numbers(300, { messages: [first!, { ...first!, step: 'second' }] }), false).typed,
    ).toBe(300)
    const call = { ...first!, step: 'call', channel: 'webhook' as const, today: 5_000 }
    expect(confirmationOf(numbers(300, { messages: [first!, call] }), false).typed).toBeNull()
  })

  test.each(['1204', '1,204', ' 1 204 ', '1.204', '1\u202f204', "1'204"])('takes %j for 1,204', (text) => {
    expect(isTyped(text, 1204)).toBe(true)
  })

  test.each(['', '120', '12040', '1204 people', '-1204', '1e3', '１２０４'])('does not take %j', (text) => {
    expect(isTyped(text, 1204)).toBe(false)
  })
})

test('each state offers what is possible in it, and nothing else', () => {
  expect(changesFrom('draft')).toEqual(['archive'])
  expect(changesFrom('live')).toEqual(['pause', 'stop', 'archive'])
  expect(changesFrom('paused')).toEqual(['resume', 'stop', 'archive'])
  expect(changesFrom('stopped')).toEqual(['resume', 'archive'])
  expect(changesFrom('archived')).toEqual(['unarchive'])
})

describe('differences', () => {
  const around = (journey: Journey) => ({
    journey,
    journeyName: (id: string) => id,
    subject: () => 'Hello',
  })
  const between = (before: Journey, after: Journey) => differencesOf(around(before), around(after))

  test('say what a step did and does', () => {
    expect(between(LIVE, withStep('points', points(15, 'pause')))).toEqual([
      {
        id: 'points',
        mark: 'changed',
        kind: 'update',
        title: 'Add points',
        from: 'Adds 10 points',
        to: 'Adds 15 points',
      },
    ])
  })

  test('say what changed where the sentence is the same', () => {
    expect(between(LIVE, withStep('pause', wait('P3D', 'end')))).toMatchObject([
      { id: 'pause', mark: 'changed', what: ['where it leads'] },
    ])
  })

  test('name what is new, what is gone, who enters and what it is called', () => {
    const { points: _, ...rest } = STEPS
    const after = journeyOf(
      { ...rest, more: wait('P1D', 'pause') },
      { on: { come: triggerTo('more') }, meta: { name: 'Other' } },
    )
    const differences = between(LIVE, after)
    expect(differences).toMatchObject([
      { id: 'outside:name', mark: 'changed', title: 'Name', from: 'test', to: 'Other' },
      { id: 'outside', mark: 'changed', from: 'Go', to: 'Come' },
      { id: 'more', mark: 'added', to: 'Waits 1 day' },
      { id: 'points', mark: 'removed', from: 'Adds 10 points' },
    ])
    // The name is drawn nowhere; all else about who enters marks the frame.
    expect([...marksOf(differences)]).toEqual([
      ['outside', 'changed'],
      ['more', 'added'],
      ['points', 'removed'],
    ])
  })

  test('of every setting are told in words', () => {
    const after: Journey = {
      ...LIVE,
      meta: {
        ...LIVE.meta,
        description: 'More',
        stage: 'awareness',
        reentry: { policy: 'restart', cooldown: 'P1D' },
        goal: { when: { field: 'SCORE', operator: '>', value: 80 } },
        exits: [{ when: { field: 'consent.email', operator: '=', value: 'unsubscribed' } }],
        audience: { all: [] },
      },
    }
    const said = between(LIVE, after)
    expect(said.map(({ title }) => title)).toEqual([
      'Description',
      'Stage',
      'Entering again',
      'Goal',
      'Leaves early when',
      'Only for',
    ])
    expect(said.every(({ from, to }) => from !== undefined && to !== undefined && from !== to)).toBe(true)
    expect(said.map(({ to }) => to).join()).not.toMatch(/[<>=]|P1D|\{/)
  })
})

test('of a version is told in a line what it changed', () => {
  const changes = { added: ['a', 'b'], removed: ['c'], changed: [], entry: ['ways'], settings: [] } as const
  expect(changesInWords(changes, false)).toBe('2 steps new, 1 step removed, who enters changed')
  expect(changesInWords(changes, true)).toBe('First version')
  expect(changesInWords({ ...changes, added: [], removed: [], entry: [] }, false)).toBe('Nothing changed')
})

test('taking back says who went where, and what stays', () => {
  const all = takenBackInWords({
    version: 4,
    returned: 40,
    left: 1,
    discarded: 40,
    points: [{ attribute: 'SCORE', by: 410, people: 41 }],
  })
  expect(all).toEqual([
    'Taken back: v4 is current again.',
    '40 people are back where they were.',
    '1 person who had entered since has left.',
    '40 messages are not sent.',
    '410 points of Score that 41 people got meanwhile stay given.',
    words.publish.undo.draftKept,
  ])
  expect(
    takenBackInWords({ version: null, returned: 0, left: 0, discarded: 0, points: [] }).slice(0, 1),
  ).toEqual(['Taken back: this is a draft again.'])
})
