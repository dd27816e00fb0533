// The article's model (R98 to R117) drawn from empty canvases, once with the mouse and once with the keys alone, then
// published; afterwards events move a contact exactly as drawn.
import type { Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { emptyDraft } from '../../editor/builder/document/draft.ts'
import type { Page as ItemsPage } from '../support/api.ts'
import { builderOn, type BuilderDriver } from '../support/builder.ts'
import { END } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { keyboardOn, type Keyboard } from '../support/keyboard.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'

/** From the highest to the lowest. */
const BANDS = ['Sales-qualified leads', 'Qualified leads', 'Warm leads', 'New leads']

let opened: SignedIn

beforeAll(async () => {
  opened = await signedIn()
  await stopAll()
})
afterEach(() => stopAll())
afterAll(() => opened?.stop())

/** Only what a test draws gives points: nothing of the shipped model, and nothing of another test. */
async function stopAll(): Promise<void> {
  const { items } = await opened.api.must<{
    readonly items: readonly { readonly id: string; readonly status: string }[]
  }>('GET', '/journeys')
  for (const { id, status } of items)
    if (status === 'live') await opened.api.must('POST', `/journeys/${id}/stop`)
}

/** Opens an empty canvas of its own, for somebody to draw on and to publish. */
async function draw(id: string, name: string, see: (builder: BuilderDriver) => Promise<void>): Promise<void> {
  await opened.api.must('PUT', `/journeys/${id}`, emptyDraft(id, name))
  await opened.look(`/journeys/${id}`, async (page, complaints) => {
    const builder = builderOn(page, opened, id)
    await builder.canvas.getByText('What starts it?').waitFor()
    await see(builder)
    await page.getByText('Live v1').first().waitFor()
    expect(complaints).toEqual([])
  })
}

async function expectAt(user: string, score: number, list: string, reason: string): Promise<void> {
  const { attributes, lists } = await opened.api.contact(user)
  expect([attributes.SCORE, lists]).toEqual([score, [list]])
  expect((await opened.api.lines(user))[0]?.reason).toBe(reason)
}

/** The stages, the bands and the hatch do with a contact what was drawn. */
async function expectMoved(user: string): Promise<void> {
  const { api } = opened
  await api.identify(user, { email: `${user}@acme.io` })
  await api.track(user, 'page_viewed', { path: '/about' })
  expect(await api.lines(user)).toEqual([])
  await api.track(user, 'newsletter_subscribed')
  await expectAt(user, 5, 'New leads', 'Added 5: newsletter subscribed')
  await api.track(user, 'contest_entry')
  await api.track(user, 'event_signup')
  await expectAt(user, 20, 'Warm leads', 'Added 10: event signup')
  await api.track(user, 'resource_downloaded')
  await expectAt(user, 30, 'Warm leads', 'Added 10: resource downloaded')
  for (const news of [1, 2, 3]) await clickNews(user, news)
  await expectAt(user, 50, 'Qualified leads', 'Added 20: clicks in an e-mail')
  // Paid for these three already.
  await clickNews(user, 4)
  await expectAt(user, 50, 'Qualified leads', 'Added 20: clicks in an e-mail')
  await api.track(user, 'page_viewed', { path: '/pricing' })
  await expectAt(user, 80, 'Qualified leads', 'Added 30: page viewed')
  await api.track(user, 'sales_contacted')
  await expectAt(user, 120, 'Sales-qualified leads', 'Added 40: sales contacted')
  await api.track(user, 'quote_requested')
  await expectAt(user, 170, 'Sales-qualified leads', 'Added 50: quote requested')
  await api.advance('P31D')
  await expectAt(user, 160, 'Sales-qualified leads', 'Took away 10: 30 days without activity')
}

/** One more mail to them, and a click in it. */
async function clickNews(user: string, news: number): Promise<void> {
  const { api, server } = opened
  const id = `news-${user}-${news}`
  const html = '<p><a href="https://acme.io/news">News</a></p>'
  const params = { subject: 'News', html, messageType: 'transactional' } as const
  await api.publish(
    journeyOf(
      { mail: { meta: { kind: 'email' }, entry: { type: 'sendEmail', params }, always: 'end' }, end: END },
      { id, on: { [id]: triggerTo('mail') } },
    ),
  )
  await api.track(user, id)
  const link = async () => {
    const { items } = await api.must<ItemsPage<{ readonly html: string }>>(
      'GET',
      `/mailbox?to=${user}@acme.io`,
    )
    return items.length < news ? undefined : /[^"]*(\/t\/c\/[^"]+)/.exec(items[0]?.html ?? '')?.[1]
  }
  await expect.poll(link).toBeDefined()
  const { status } = await fetch(`${server.url}${await link()}`, { redirect: 'manual' })
  expect(status).toBe(302)
}

// ---- With the mouse --------------------------------------------------------------------------------------------------

const boxOf = (page: Page, name: string): Locator => page.getByRole('textbox', { name })
const comboOf = (page: Page, name: string): Locator => page.getByRole('combobox', { name })

async function choose(page: Page, field: string, option: string): Promise<void> {
  await comboOf(page, field).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function publishByMouse({ page }: BuilderDriver): Promise<void> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
}

/** What an empty canvas offers to begin with, and the points it is worth. */
async function firstByMouse(builder: BuilderDriver, starter: string, points: number): Promise<void> {
  const { page, canvas, add, plus } = builder
  await canvas.getByRole('button', { name: starter }).click()
  await add(plus('Who enters'), 'Add points')
  await boxOf(page, 'How much').fill(String(points))
}

/** A way in of its own, with the points it is worth. */
async function wayIn(
  { page, canvas, add, plus }: BuilderDriver,
  starter: string,
  points: number,
  fill: () => Promise<unknown>,
): Promise<void> {
  await canvas.getByRole('button', { name: 'Another way in' }).click()
  await page.getByRole('menuitem', { name: starter }).click()
  await fill()
  await choose(page, 'Begins at', 'A way of its own')
  await add(plus('Who enters').last(), 'Add points')
  await boxOf(page, 'How much').fill(String(points))
}

function eventIn(builder: BuilderDriver, event: string, points: number): Promise<void> {
  return wayIn(builder, 'Something else…', points, () => boxOf(builder.page, 'Name of the event').fill(event))
}

async function awarenessByMouse(builder: BuilderDriver): Promise<void> {
  await firstByMouse(builder, 'Signs up for the newsletter', 5)
  await eventIn(builder, 'contest_entry', 5)
  await eventIn(builder, 'event_signup', 10)
  await publishByMouse(builder)
}

async function engagementByMouse(builder: BuilderDriver): Promise<void> {
  const { page, canvas, add, plus } = builder
  await canvas.getByRole('button', { name: 'Something else…' }).click()
  await boxOf(page, 'Name of the event').fill('resource_downloaded')
  await add(plus('Who enters'), 'Add points')
  await wayIn(builder, 'Clicks in an e-mail', 20, async () => {
    await page.getByText('Only under a condition').click()
    await page.getByRole('button', { name: 'Choose a condition' }).click()
    await page.getByRole('combobox', { name: 'Search, or type a name' }).fill('last 3 e-mails')
    await page.getByRole('option').first().click()
  })
  await page.getByText('Not more than so many points in a while').click()
  await boxOf(page, 'At most').fill('20')
  await choose(page, 'Within', 'the last so many e-mails')
  await boxOf(page, 'How many e-mails').fill('3')
  await publishByMouse(builder)
}

async function considerationByMouse(builder: BuilderDriver): Promise<void> {
  await firstByMouse(builder, 'Visits a page', 30)
  await eventIn(builder, 'sales_contacted', 40)
  await eventIn(builder, 'quote_requested', 50)
  await publishByMouse(builder)
}

async function bandsByMouse(builder: BuilderDriver): Promise<void> {
  const { page, canvas, add, plus, draft } = builder
  await canvas.getByRole('button', { name: 'Something else…' }).click()
  await choose(page, 'What starts it', 'Score changes at all')
  await add(plus('Who enters'), 'If / else')
  await page.getByRole('button', { name: 'Divide by a number' }).click()
  await page.getByLabel('Band 1: from or over').selectOption('over')
  await page.getByRole('button', { name: 'Make these ways' }).click()
  for (const list of BANDS) {
    await add(plus('The first of 4 ways that fits'), 'Move to list')
    await comboOf(page, 'List').fill(list)
  }
  // Each list leaves the three others; said once they all have their names.
  await page.getByRole('button', { name: 'Show everything' }).click()
  for (const list of BANDS) {
    await canvas.getByText(`Moves to “${list}”`).first().click()
    await page.getByRole('button', { name: /^Also take off/ }).click()
  }
  await expect.poll(async () => JSON.stringify((await draft()).states).match(/"from":\["/g)?.length).toBe(4)
  await publishByMouse(builder)
}

async function hatchByMouse(builder: BuilderDriver): Promise<void> {
  const { page, canvas, add, plus } = builder
  await canvas.getByRole('button', { name: 'Something else…' }).click()
  await choose(page, 'What starts it', 'Contact is new')
  await add(plus('Who enters'), 'Lower score when inactive')
  await publishByMouse(builder)
}

// ---- With the keys alone -----------------------------------------------------------------------------------------------

/** Draws with nothing but keys, from the head of the page where one is when it opens. */
async function drawByKeys(
  id: string,
  name: string,
  see: (keys: Keyboard, builder: BuilderDriver) => Promise<void>,
): Promise<void> {
  await draw(id, name, async (builder) => {
    const keys = keyboardOn(builder.page)
    await keys.at(name)
    await keys.tabTo('What starts it?')
    await see(keys, builder)
    await keys.press('p')
    await builder.page.getByRole('dialog').getByText('This becomes v1.').waitFor()
    await keys.tabTo('Publish', 2)
    await keys.press('Enter')
  })
}

/** A way in, found by a word of its name; `card` is what it is called once it is there. */
async function startByKeys({ press, at, choose }: Keyboard, starter: string, card: string): Promise<void> {
  await press('w')
  await at('Search a start')
  await choose(starter)
  await at(card)
}

/** A step behind what has the focus; `card` is what it is called once it is there. */
async function addByKeys({ press, at, choose }: Keyboard, kind: string, card: string): Promise<void> {
  await press('a')
  await at('Search a kind of step')
  await choose(kind)
  await at(card)
}

/** A way in for an event, called `card` once it is there, with the points it is worth; the first has no other beside it. */
async function eventByKeys(
  keys: Keyboard,
  event: string,
  card: string,
  points: number,
  isFirst = false,
): Promise<void> {
  const { press, at, type, tabTo, choose } = keys
  await startByKeys(keys, 'Something else…', 'Not chosen yet')
  await press('Enter')
  await at('What starts it')
  await tabTo('Name of the event', 0)
  await type(event)
  if (!isFirst) {
    await tabTo('Begins at', 1)
    await choose('A way of its own')
  }
  await press('Escape')
  await at(card)
  await pointsByKeys(keys, points)
}

async function pointsByKeys(keys: Keyboard, points: number): Promise<void> {
  const { press, at, type, tabTo } = keys
  await addByKeys(keys, 'Add points', 'Adds 10 points')
  await press('Enter')
  await at('What changes')
  await tabTo('How much', 2)
  await type(String(points))
  await press('Escape')
  await at(`Adds ${points} points`)
}

async function awarenessByKeys(keys: Keyboard): Promise<void> {
  await startByKeys(keys, 'Signs up for the newsletter', 'Newsletter subscribed')
  await pointsByKeys(keys, 5)
  await eventByKeys(keys, 'contest_entry', 'Contest entry', 5)
  await eventByKeys(keys, 'event_signup', 'Event signup', 10)
}

async function engagementByKeys(keys: Keyboard): Promise<void> {
  const { press, at, type, tabTo, choose, pick } = keys
  await eventByKeys(keys, 'resource_downloaded', 'Resource downloaded', 10, true)
  await startByKeys(keys, 'Clicks in an e-mail', 'Clicks in an e-mail')
  await press('Enter')
  await at('What starts it')
  await tabTo('Only under a condition', 2)
  await press('Space')
  await tabTo('Choose a condition', 2)
  await press('Enter')
  await at('Search, or type a name')
  await choose('last 3 e-mails')
  await at('Whether they were clicked: Clicked')
  await tabTo('Begins at')
  await choose('A way of its own')
  await press('Escape')
  await at('Clicks in an e-mail Only if clicked 3 of the last 3 e-mails')
  await pointsByKeys(keys, 20)
  await press('Enter')
  await at('What changes')
  await tabTo('Not more than so many points in a while')
  await press('Space')
  await tabTo('At most')
  await type('20')
  await tabTo('Within', 1)
  await pick('the last so many e-mails')
  await tabTo('How many e-mails', 1)
  await type('3')
  await press('Escape')
  await at('Adds 20 points, at most 20 per 3 e-mails')
}

async function considerationByKeys(keys: Keyboard): Promise<void> {
  await startByKeys(keys, 'Visits a page', 'Page viewed Only if the event’s path is “/pricing”')
  await pointsByKeys(keys, 30)
  await eventByKeys(keys, 'sales_contacted', 'Sales contacted', 40)
  await eventByKeys(keys, 'quote_requested', 'Quote requested', 50)
}

async function bandsByKeys(keys: Keyboard, { draft, page }: BuilderDriver): Promise<void> {
  const { press, at, type, tabTo, choose } = keys
  const fork = 'The first of 4 ways that fits'
  await startByKeys(keys, 'Something else…', 'Not chosen yet')
  await press('Enter')
  await at('What starts it')
  await choose('Score changes at all')
  await press('Escape')
  await at('Score changes')
  await addByKeys(keys, 'If / else', 'If / else')
  await press('Enter')
  await at('Nothing is chosen yet')
  await tabTo('Divide by a number')
  await press('Enter')
  await page.getByLabel('Band 1: from or over').waitFor()
  await tabTo('Band 1: from or over', 1)
  await press('ArrowDown')
  await tabTo('Make these ways')
  await press('Enter')
  await at('Divide by a number')
  await press('Escape')
  await at(fork)
  for (const [index, list] of BANDS.entries()) {
    await tabTo(/^Add a step .*, on the way “/, index === 0 ? 0 : undefined)
    for (let passed = 0; passed < index; passed++) await press('Tab')
    await press('Enter')
    await at('Search a kind of step')
    await choose('Move to list')
    await at('Move to list')
    await press('Enter')
    await at('List')
    await type(list)
    await press('Tab', 'Escape')
    await at(`Moves to “${list}”`)
    await press('ArrowUp')
    await at(fork)
  }
  await press('ArrowDown')
  for (const list of BANDS) {
    await at(`Moves to “${list}”`)
    await press('Enter')
    await at('List')
    await tabTo(/^Also take off/, 1)
    await press('Enter')
    await at('And take off')
    await press('Escape')
    await at(`Moves to “${list}”, off 3 other lists`)
    await press('ArrowRight')
  }
  await expect.poll(async () => JSON.stringify((await draft()).states).match(/"from":\["/g)?.length).toBe(4)
}

async function hatchByKeys(keys: Keyboard): Promise<void> {
  const { press, at, choose } = keys
  await startByKeys(keys, 'Something else…', 'Not chosen yet')
  await press('Enter')
  await at('What starts it')
  await choose('Contact is new')
  await press('Escape')
  await at('Contact is new')
  await addByKeys(
    keys,
    'Lower score when inactive',
    'Takes 10 points off for every 30 days without activity, never below 0',
  )
}

describe('the article’s model, drawn from empty canvases: its three stages, the bands, and the 30-day escape hatch', () => {
  test('by mouse, moves a contact as drawn', async () => {
    await draw('drawn-awareness', 'Awareness', awarenessByMouse)
    await draw('drawn-engagement', 'Engagement', engagementByMouse)
    await draw('drawn-consideration', 'Consideration', considerationByMouse)
    await draw('drawn-bands', 'Bands', bandsByMouse)
    await draw('drawn-hatch', 'Quiet for 30 days', hatchByMouse)
    await expectMoved('mia')
  }, 240_000)

  test('by keyboard alone, moves a contact as drawn', async () => {
    await drawByKeys('keyed-awareness', 'Awareness', awarenessByKeys)
    await drawByKeys('keyed-engagement', 'Engagement', engagementByKeys)
    await drawByKeys('keyed-consideration', 'Consideration', considerationByKeys)
    await drawByKeys('keyed-bands', 'Bands', bandsByKeys)
    await drawByKeys('keyed-hatch', 'Quiet for 30 days', hatchByKeys)
    await expectMoved('tom')
  }, 240_000)
})
