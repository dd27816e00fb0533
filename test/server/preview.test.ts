import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Condition, Journey, Step } from '../../engine/index.ts'
import type { Numbers, Preview } from '../../server/runtime/preview/preview.ts'
import { crowd, journeysOf, mail, mailing } from '../support/crowd.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

let server: TestInstallation
let journeys: ReturnType<typeof journeysOf>
beforeAll(async () => {
  server = await startInstallation()
  journeys = journeysOf(server)
})
afterAll(() => server.stop())

const preview = async (id: string, body: object = {}): Promise<Numbers> => {
  const { numbers } = await journeys.call<Preview>('POST', `${id}/preview`, body)
  if (!numbers) throw new Error('no numbers')
  return numbers
}
const END: Step = { type: 'final' }
const wait = (delay: string, target: string): Step => ({ meta: { kind: 'wait' }, after: { [delay]: target } })
const promotional = (always: string, subject = 'Offer'): Step => ({
  meta: { kind: 'email', label: subject },
  entry: { type: 'sendEmail', params: { subject, html: '<p>Buy</p>', messageType: 'promotional' } },
  always,
})
const known = (userId: string, traits: object = {}) =>
  server.send('identify', {
    userId,
    traits: { email: `${userId.replaceAll(' ', '.')}@example.org`, consent: { email: true }, ...traits },
  })
const track = (userId: string, event: string, properties: object = {}) =>
  server.send('track', { userId, event, properties })

describe('who matches already', () => {
  beforeAll(async () => {
    await journeys.draft(
      journeyOf(
        {
          points: {
            meta: { kind: 'update' },
            entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add: { event: 'points' } } },
            always: 'end',
          },
          end: END,
        },
        { id: 'scoring', meta: { reentry: { policy: 'parallel' } }, on: { earns: triggerTo('points') } },
      ),
    )
    await journeys.draft(
      journeyOf(
        {
          stage: {
            meta: { kind: 'stage' },
            entry: { type: 'setStage', params: { stage: 'engagement' } },
            always: 'list',
          },
          list: {
            meta: { kind: 'addToList' },
            entry: { type: 'addToList', params: { list: 'Fans' } },
            always: 'end',
          },
          end: END,
        },
        { id: 'fans', on: { cheers: triggerTo('stage') } },
      ),
    )
    await journeys.publish('scoring')
    await journeys.publish('fans')
    for (let person = 0; person < 10; person++) {
      await known(`matcher ${person}`, { country: person < 4 ? 'NP' : 'ID' })
      await track(`matcher ${person}`, 'earns', { points: person * 10 })
      if (person % 2 === 0) await track(`matcher ${person}`, 'cheers')
    }
  })

  const when = (field: string, operator: '=' | '>=', value: string | number): Condition => ({
    field,
    operator,
    value,
  })
  const NEPALESE = when('COUNTRY', '=', 'NP')

  it.each([
    ['score crossed', 'score.changed', { crossed: 50, direction: 'up' }, 5],
    ['score fallen', 'score.changed', { all: [{ crossed: 30, direction: 'down' }, NEPALESE] }, 3],
    ['list', 'list.joined', { event: 'list', operator: '=', value: 'Fans' }, 5],
    ['stage', 'stage.changed', when('stage', '=', 'engagement'), 5],
    [
      'attribute',
      'attribute.changed',
      { all: [{ event: 'attribute', operator: '=', value: 'COUNTRY' }, NEPALESE] },
      4,
    ],
    ['created', 'contact.created', NEPALESE, 4],
    ['event', 'earns', NEPALESE, 0],
    ['left a list', 'list.left', NEPALESE, 0],
  ] as const)('by %s are those who then enter', async (name, event, condition, expected) => {
    const id = `match-${name.replaceAll(' ', '-')}`
    await journeys.draft(
      journeyOf(
        { pause: wait('P30D', 'end'), end: END },
        { id, on: { [event]: triggerTo('pause', condition) } },
      ),
    )
    expect((await preview(id)).matching).toEqual({ enter: expected, refused: [] })
    await journeys.publish(id, { letIn: true })
    await journeys.advance('PT1S')
    expect(await journeys.inside(id)).toEqual(expected === 0 ? {} : { '1@pause': expected })
  })

  const NOBODY: Condition = { field: 'COUNTRY', operator: '=', value: 'XX' }
  it.each([
    ['audience', { audience: NOBODY }, 'is not meant for this contact'],
    ['exit', { exits: [{ when: NEPALESE }] }, 'would leave at once'],
    ['goal', { goal: { when: NEPALESE } }, 'has already reached the goal'],
  ] as const)('and why they would not enter: %s', async (name, meta, because) => {
    const id = `kept-out-${name}`
    await journeys.draft(
      journeyOf(
        { pause: wait('P30D', 'end'), end: END },
        { id, meta, on: { 'contact.created': triggerTo('pause', NEPALESE) } },
      ),
    )
    expect((await preview(id)).matching).toEqual({ enter: 0, refused: [{ because, people: 4 }] })
    await journeys.publish(id, { letIn: true })
    await journeys.advance('PT1S')
    expect(await journeys.inside(id)).toEqual({})
  })

  it('and who is inside already', async () => {
    const again = (policy: 'once' | 'afterExit') =>
      journeyOf(
        { pause: wait('P30D', 'end'), end: END },
        {
          id: 'inside',
          meta: { reentry: { policy } },
          on: { 'contact.created': triggerTo('pause', NEPALESE) },
        },
      )
    await journeys.draft(again('once'))
    await journeys.publish('inside', { letIn: true })
    await journeys.advance('PT1S')
    await journeys.draft(again('afterExit'))
    expect((await preview('inside', { inside: 'stay' })).matching).toEqual({
      enter: 0,
      refused: [{ because: 'is already inside', people: 4 }],
    })
    // Who leaves for the new version may come in again.
    expect((await preview('inside', { inside: 'leave', letIn: true })).matching).toEqual({
      enter: 4,
      refused: [],
    })
    await journeys.publish('inside', { inside: 'leave', letIn: true })
    await journeys.advance('PT1S')
    expect(await journeys.inside('inside')).toEqual({ '2@pause': 4 })
  })
})

describe('messages', () => {
  it('are counted by step, today and this week, as they then go out', async () => {
    const asking: Journey = journeyOf(
      {
        pause: wait('PT12H', 'first'),
        first: mail('next', 'First'),
        next: wait('P2D', 'keen'),
        keen: {
          meta: { kind: 'condition' },
          always: [
            {
              target: 'second',
              guard: {
                type: 'holds',
                params: { when: { count: { event: 'looks' }, operator: '>=', value: 2 } },
              },
            },
            { target: 'last' },
          ],
        },
        second: mail('last', 'Second'),
        last: wait('P9D', 'late'),
        late: mail('end', 'Late'),
        end: END,
      },
      { id: 'asking', on: { 'start asking': triggerTo('pause') } },
    )
    await journeys.draft(asking)
    await journeys.publish('asking')
    await crowd(server, 'start asking', 30)
    for (let person = 0; person < 20; person++)
      for (let times = 0; times < person % 4; times++) await track(`start asking ${person}`, 'looks')
    await journeys.draft(asking)
    const { messages, people } = await preview('asking')
    expect(messages).toEqual([
      { step: 'first', label: 'First', channel: 'email', today: 30, week: 30, heldBack: [] },
      { step: 'second', label: 'Second', channel: 'email', today: 0, week: 10, heldBack: [] },
    ])
    expect(people).toEqual({ today: 30, week: 30 })
    await journeys.advance('P7D')
    expect(await journeys.messages('asking')).toEqual({ captured: 40 })
  })

  it('that do not go out are told with the reason', async () => {
    const offers = journeyOf(
      {
        pause: wait('PT2H', 'offer'),
        offer: promotional('again'),
        again: wait('PT1H', 'offer2'),
        offer2: promotional('end', 'Offer 2'),
        end: END,
      },
      { id: 'offers', on: { 'start offers': triggerTo('pause') } },
    )
    await journeys.draft(offers)
    await journeys.publish('offers')
    await crowd(server, 'start offers', 8)
    await server.send('identify', { userId: 'start offers 0', traits: { consent: { email: false } } })
    await server.send('track', { userId: 'no address', event: 'start offers' })
    // Somebody had offers today: the answer to what they did counts for nothing, the two others are all there may be.
    await journeys.draft(
      journeyOf(
        {
          answer: promotional('second', 'Answer'),
          second: promotional('third', 'Second'),
          third: promotional('end', 'Third'),
          end: END,
        },
        { id: 'today', on: { today: triggerTo('answer') } },
      ),
    )
    await journeys.publish('today')
    await track('start offers 1', 'today')
    await server.settled()
    await journeys.draft(offers)
    const { messages, people } = await preview('offers')
    const held = (reason: string) => expect.objectContaining({ reason, today: 1, week: 1 })
    const heldBack = expect.arrayContaining([held('no_consent'), held('capped'), held('no_address')])
    expect(messages).toEqual([
      { step: 'offer', label: 'Offer', channel: 'email', today: 6, week: 6, heldBack },
      { step: 'offer2', label: 'Offer 2', channel: 'email', today: 6, week: 6, heldBack },
    ])
    expect(people).toEqual({ today: 6, week: 6 })
    await journeys.advance('PT4H')
    expect(await journeys.messages('offers')).toEqual({ captured: 12, skipped: 6 })
  })

  it('of a journey that is paused are those it would send once it goes on', async () => {
    await journeys.draft(mailing('resting', 'P1D'))
    await journeys.publish('resting')
    await crowd(server, 'start resting', 3)
    await journeys.call('POST', 'resting/pause')
    await journeys.advance('P3D')
    await journeys.draft(mailing('resting', 'P1D'))
    expect((await preview('resting')).people).toEqual({ today: 3, week: 3 })
  })
})

describe('a look ahead', () => {
  const everything = async () => {
    const { read } = server.deps.database
    const tables = [
      'journal',
      'contacts',
      'enrollments',
      'messages',
      'ledger',
      'journey_versions',
      'openings',
      'settings',
    ] as const
    return Promise.all(tables.map((table) => read.selectFrom(table).selectAll().execute()))
  }

  it('changes nothing', async () => {
    await journeys.draft(mailing('still', 'P1D'))
    await journeys.publish('still')
    await crowd(server, 'start still', 5)
    await journeys.draft(mailing('still', 'PT1H'))
    const before = await everything()
    for (const inside of ['stay', 'move', 'leave']) await preview('still', { inside, letIn: true })
    expect(await everything()).toEqual(before)
  })

  it('at a draft with errors tells them and no numbers', async () => {
    await journeys.draft({ ...mailing('wrong', 'P1D'), on: {} })
    expect(await journeys.call('POST', 'wrong/preview')).toMatchObject({
      version: 1,
      problems: [{ code: 'no_trigger', severity: 'error' }],
      numbers: null,
    })
  })

  it('needs something to publish', async () => {
    expect((await server.ask('POST', '/api/journeys/welcome/preview', {})).body).toMatchObject({
      status: 409,
      code: 'no_draft',
    })
    expect((await server.ask('POST', '/api/journeys/still/preview', { inside: 'away' })).body).toMatchObject({
      status: 400,
      path: '/inside',
    })
  })
})
