// Publishing as people do it: what the dialog says beforehand is what then happens, and for a minute it can be taken back.
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Inside, Preview } from '../../editor/answers.ts'
import type { Journey } from '../../engine/index.ts'
import { crowd, mail, mailing } from '../support/crowd.ts'
import { END, list, points, wait } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'

let opened: SignedIn

beforeAll(async () => {
  opened = await signedIn()
})

afterAll(() => opened?.stop())

/** Writes the draft over the one there is. */
async function draft(journey: Journey): Promise<void> {
  const { api } = opened
  const before = await api.admin('GET', `/journeys/${journey.id}`)
  const etag = before.headers.get('etag')
  const put = await api.admin(
    'PUT',
    `/journeys/${journey.id}`,
    journey,
    etag === null ? {} : { 'If-Match': etag },
  )
  if (put.status >= 300) throw new Error(`${put.status} ${put.text}`)
}

async function live(journey: Journey): Promise<void> {
  await draft(journey)
  await opened.api.must('POST', `/journeys/${journey.id}/publish`, {})
}

/** So many people, through the public interface. */
function people(event: string, count: number): Promise<void> {
  return crowd({ send: (call, body) => opened.api.post(call, body) }, event, count)
}

/** How many people are where in the journey: `2@pause`. */
async function inside(id: string): Promise<Readonly<Record<string, number>>> {
  // A draft is needed to look ahead; it is not published.
  const { draft: before, published } = await opened.api.must<{ draft: Journey | null; published: Journey }>(
    'GET',
    `/journeys/${id}`,
  )
  if (before === null) await draft(published)
  const { numbers } = await opened.api.must<Preview>('POST', `/journeys/${id}/preview`, {})
  return Object.fromEntries(
    (numbers?.inside ?? []).map(({ version, step, people }) => [`${version}@${step}`, people]),
  )
}

async function sent(id: string): Promise<number> {
  const items = await opened.api.pages<{ readonly status: string }>(`/messages?journey=${id}`)
  return items.filter(({ status }) => status === 'captured').length
}

const bar = (page: Page) => page.getByRole('region', { name: 'About this journey' })
const publishButton = (page: Page) => page.getByRole('button', { name: 'Publish', exact: true })
const section = (dialog: Locator, name: string) => dialog.getByRole('region', { name })

/** The dialog, with its numbers. */
async function ask(page: Page): Promise<Locator> {
  await publishButton(page).click()
  const dialog = page.getByRole('dialog', { name: /^Publish/ })
  await section(dialog, 'What is sent').waitFor()
  return dialog
}

/** Presses the button that publishes. */
async function confirm(page: Page, dialog: Locator, name: string): Promise<void> {
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /Undo publish/ }).waitFor()
}

describe('a change with 1,000 people inside', () => {
  const MANY = 1_000

  const cases: readonly {
    readonly choice: Inside
    readonly name: string
    readonly goes: RegExp
    readonly button: string
    readonly afterwards: Readonly<Record<string, number>>
    readonly today: number
  }[] = [
    {
      choice: 'stay',
      name: 'They stay',
      goes: /stay here/,
      button: 'Publish',
      afterwards: { '1@pause': MANY },
      today: 0,
    },
    {
      choice: 'move',
      name: 'They move along',
      goes: /move along; 1,000 go on sooner/,
      button: 'Publish and mail 1,000 people today',
      afterwards: { '2@pause': MANY },
      today: MANY,
    },
    { choice: 'leave', name: 'They leave', goes: /leave/, button: 'Publish', afterwards: {}, today: 0 },
  ]

  test.each(cases)(
    'does what the dialog says: $choice',
    { timeout: 120_000 },
    async ({ choice, name, goes, button, afterwards, today }) => {
      const id = `many-${choice}`
      await live(mailing(id, 'P3D'))
      await people(`start ${id}`, MANY)
      await opened.api.advance('P1D')
      await draft(mailing(id, 'P2D'))
      await opened.look(`/journeys/${id}`, async (page) => {
        const dialog = await ask(page)
        // Only a delay changed, and everybody's step remains.
        expect(await dialog.getByRole('radio', { name: 'They move along' }).isChecked()).toBe(true)
        await section(dialog, 'What changes').getByText('Waits 2 days').waitFor()
        await dialog.getByText('1,000 people are in this journey').waitFor()
        await dialog.getByRole('radio', { name }).check()
        await section(dialog, 'People inside').getByRole('cell', { name: goes }).waitFor()
        const publish = dialog.getByRole('button', { name: button, exact: true })
        await publish.waitFor()
        if (today > 500) {
          expect(await publish.isDisabled()).toBe(true)
          await dialog.getByLabel(/Type 1,000/).fill('100')
          expect(await publish.isDisabled()).toBe(true)
          await dialog.getByLabel(/Type 1,000/).fill('1000')
        }
        await confirm(page, dialog, button)
        await bar(page).getByText('Live v2').waitFor()
      })
      await opened.api.advance('PT2M')
      expect(await inside(id)).toEqual(afterwards)
      await opened.api.advance('PT23H58M')
      expect(await sent(id)).toBe(today)
      await opened.api.advance('P3D')
      expect(await sent(id)).toBe(choice === 'leave' ? 0 : MANY)
    },
  )
})

describe('a step with people inside', () => {
  const waits = (id: string, ...names: readonly string[]) =>
    journeyOf(
      Object.fromEntries([
        ...names.map((name, index) => [name, wait('P3D', names[index + 1] ?? 'end')]),
        ['end', END],
      ]),
      { id, on: { [`start ${id}`]: triggerTo(names[0] ?? 'end') } },
    )

  test.each([
    ['alone', ['one'], 'Delete “Waits 3 days”?'],
    ['with others', ['one', 'two'], 'Delete 2 steps?'],
  ])(
    'is deleted %s after it was said what becomes of them, and that is what happens',
    async (how, gone, title) => {
      const id = `deleted-${how.replace(' ', '-')}`
      await live(waits(id, 'one', 'two', 'three'))
      await people(`start ${id}`, 12)
      await opened.look(`/journeys/${id}`, async (page) => {
        const cards = page.getByRole('application').locator('[data-card]').filter({ hasText: 'Waits 3 days' })
        await page.getByTitle('12 people here now').first().waitFor()
        for (const [index] of gone.entries())
          await cards.nth(index).click(index === 0 ? {} : { modifiers: ['Shift'] })
        await page.keyboard.press('Delete')
        const question = page.getByRole('dialog', { name: title })
        await question.getByText(/12 people wait here .* if they are moved along, they leave/).waitFor()
        await question.getByRole('button', { name: 'Delete' }).click()
        const dialog = await ask(page)
        expect(await dialog.getByRole('radio', { name: 'They stay' }).isChecked()).toBe(true)
        await dialog.getByRole('radio', { name: 'They move along' }).check()
        await section(dialog, 'People inside')
          .getByRole('cell', { name: /leave: Nobody waits/ })
          .waitFor()
        await confirm(page, dialog, 'Publish')
      })
      await opened.api.advance('PT2M')
      expect(await inside(id)).toEqual({})
    },
  )
})

describe('those who match already', () => {
  const welcoming = (id: string, fans: string) =>
    journeyOf(
      { mail: mail('end', 'Hello fans'), end: END },
      { id, on: { 'list.joined': triggerTo('mail', { event: 'list', operator: '=', value: fans }) } },
    )

  test('are left outside unless somebody includes them; then they are as many as was said', async () => {
    await live(
      journeyOf({ join: list('Fans', 'end'), end: END }, { id: 'fans', on: { cheers: triggerTo('join') } }),
    )
    await people('cheers', 42)
    await draft(welcoming('outside-still', 'Fans'))
    await draft(welcoming('let-in', 'Fans'))
    await opened.look('/journeys/outside-still', async (page) => {
      const dialog = await ask(page)
      const include = dialog.getByRole('checkbox', { name: 'Include the 42 people who match already' })
      expect(await include.isChecked()).toBe(false)
      await confirm(page, dialog, 'Publish')
    })
    await opened.look('/journeys/let-in', async (page) => {
      const dialog = await ask(page)
      await dialog.getByRole('checkbox', { name: /^Include the 42/ }).check()
      await dialog
        .getByRole('row', { name: /Hello fans/ })
        .getByRole('cell', { name: '42' })
        .first()
        .waitFor()
      await section(dialog, 'Sender').getByText('E-mails come from').waitFor()
      await confirm(page, dialog, 'Publish and mail 42 people today')
      expect(await sent('let-in'), 'nothing goes out before the minute is over').toBe(0)
    })
    await opened.api.advance('PT2M')
    expect(await sent('outside-still')).toBe(0)
    expect(await sent('let-in')).toBe(42)
  })

  test('who would not enter, and why, is told; so is what is held back', async () => {
    await opened.api.identify('no consent', { email: 'no.consent@example.org', consent: { email: false } })
    await opened.api.track('no consent', 'cheers')
    const picky = welcoming('picky', 'Fans')
    await draft({
      ...picky,
      meta: { ...picky.meta, audience: { not: { field: 'EMAIL', operator: 'contains', value: '.7@' } } },
    })
    await opened.look('/journeys/picky', async (page) => {
      const dialog = await ask(page)
      await dialog.getByText(/^1 person matches too, and would not enter/).waitFor()
      await dialog.getByRole('checkbox', { name: 'Include the 42 people' }).check()
      await dialog.getByText('1 have not agreed to it').waitFor()
      expect(await dialog.getByRole('button', { name: 'Publish and mail 41 people today' }).isEnabled()).toBe(
        true,
      )
    })
  })
})

describe('taking it back', () => {
  test('is offered for a minute, also after a reload, and puts everybody where they were', async () => {
    await live(mailing('back', 'P3D'))
    await people('start back', 20)
    await opened.api.advance('P2D')
    // Their wait is over at once in the new version.
    await draft(mailing('back', 'P1D'))
    await opened.look('/journeys/back', async (page) => {
      const dialog = await ask(page)
      await section(dialog, 'People inside')
        .getByRole('cell', { name: /20 go on at once/ })
        .waitFor()
      await confirm(page, dialog, 'Publish and mail 20 people today')
      await page.reload()
      await page.getByText('Live as v2.').waitFor()
      await page.getByRole('button', { name: /Undo publish/ }).click()
      await page
        .getByText(
          /Taken back: v1 is current again\. 20 people are back where they were\. 20 messages are not sent/,
        )
        .waitFor()
      await bar(page).getByText('Live v1').waitFor()
      await bar(page).getByText('1 change not published').waitFor()
      expect(await publishButton(page).getAttribute('aria-disabled')).toBeNull()
    })
    await opened.api.advance('PT2M')
    expect(await inside('back')).toEqual({ '1@pause': 20 })
    expect(await sent('back')).toBe(0)
  })

  test('is over after the minute: then it is sent, and nothing is offered any more', async () => {
    await draft(mailing('final', 'P1D'))
    await opened.look('/journeys/final', async (page) => {
      await confirm(page, await ask(page), 'Publish')
      await page.getByRole('button', { name: /Undo publish/ }).click()
      await page.getByText('Taken back: this is a draft again.').waitFor()
      await confirm(page, await ask(page), 'Publish')
      await opened.api.advance('PT61S')
      await page.getByRole('button', { name: /Undo publish/ }).waitFor({ state: 'detached' })
      expect(await bar(page).getByText('Live v2').isVisible()).toBe(true)
      expect(await page.getByText('Taken back').count()).toBe(0)
    })
  })
})

describe('nothing is published', () => {
  test('without something new, and the button says so', async () => {
    await live(mailing('same', 'P1D'))
    await opened.look('/journeys/same', async (page) => {
      const button = publishButton(page)
      expect(await button.getAttribute('aria-disabled')).toBe('true')
      await button.focus()
      await page.getByRole('tooltip', { name: 'Everything is published: v1 is what you see.' }).waitFor()
      await button.press('Enter')
      expect(await page.getByRole('dialog').count()).toBe(0)
    })
  })

  test('that has errors, and the button says how many', async () => {
    const { states } = mailing('wrong', 'P1D')
    const pause = { meta: { kind: 'wait' as const }, after: { 'three days': 'mail' } }
    await draft({ ...mailing('wrong', 'P1D'), states: { ...states, pause } })
    await opened.look('/journeys/wrong', async (page) => {
      await publishButton(page).hover()
      await page.getByRole('tooltip', { name: 'One error has to be mended first.' }).waitFor()
      expect(await publishButton(page).getAttribute('aria-disabled')).toBe('true')
    })
  })

  test('that the server refuses after all; each reason leads to its step', async () => {
    await draft(
      journeyOf(
        {
          start: {
            meta: { kind: 'startJourney', label: 'On to the next' },
            entry: { type: 'startJourney', params: { journey: 'later' } },
            always: 'end',
          },
          end: END,
        },
        { id: 'refused' },
      ),
    )
    await live(
      journeyOf(
        { point: points(1, 'end'), end: END },
        { id: 'later', on: { 'journey.requested': triggerTo('point') } },
      ),
    )
    await opened.look('/journeys/refused', async (page) => {
      await page.route('**/api/journeys/refused/publish', (route) =>
        route.fulfill({
          status: 409,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            status: 409,
            code: 'has_problems',
            detail: 'cannot be published',
            problems: [
              { severity: 'error', code: 'gone', path: '/states/start/entry', detail: 'the journey is gone' },
            ],
          }),
        }),
      )
      const dialog = await ask(page)
      await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
      await dialog.getByText('The journey is gone').waitFor()
      await dialog.getByRole('button', { name: 'Show where' }).click()
      await dialog.waitFor({ state: 'detached' })
      const form = page.getByRole('complementary', { name: 'Settings of what is selected' })
      expect(await form.getByRole('textbox').first().inputValue()).toBe('On to the next')
    })
  })

  test('that was changed at that very moment: it is looked at again', async () => {
    await draft(mailing('racing', 'P1D'))
    await opened.look('/journeys/racing', async (page) => {
      const dialog = await ask(page)
      await page.route('**/api/journeys/racing/publish', async (route) => {
        await draft(mailing('racing', 'P2D'))
        await route.continue()
      })
      await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
      await dialog.getByRole('button', { name: 'I have looked at it' }).waitFor({ timeout: 10_000 })
      expect(await opened.api.must('GET', '/journeys/racing')).toMatchObject({
        status: 'draft',
        version: null,
      })
    })
  })

  test('that was changed meanwhile: it is looked at again', async () => {
    await draft(mailing('changing', 'P1D'))
    await opened.look('/journeys/changing', async (page) => {
      const dialog = await ask(page)
      await draft(mailing('changing', 'P2D', { mail: mail('more'), more: mail('end', 'More') }))
      await dialog.getByText(/The draft was changed meanwhile/).waitFor({ timeout: 10_000 })
      const publish = dialog.getByRole('button', { name: 'Publish', exact: true })
      expect(await publish.isDisabled()).toBe(true)
      await section(dialog, 'What is sent').waitFor()
      await dialog.getByRole('button', { name: 'I have looked at it' }).click()
      await confirm(page, dialog, 'Publish')
      expect(await opened.api.must('GET', '/journeys/changing')).toMatchObject({
        published: { states: { pause: { after: { P2D: 'mail' } } } },
      })
    })
  })
})

describe('the state of a journey', () => {
  const choose = async (page: Page, change: string): Promise<Locator> => {
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: change }).click()
    return page.getByRole('dialog')
  }

  test('is paused, resumed with what fell due, stopped and archived; each says what it does', async () => {
    await live(mailing('states', 'P1D'))
    await people('start states', 12)
    await opened.look('/journeys/states', async (page) => {
      const pausing = await choose(page, 'Pause…')
      await pausing.getByText('12 people inside stay where they are.').waitFor()
      await pausing.getByRole('button', { name: 'Pause' }).click()
      await bar(page).getByText('Paused v1').waitFor()
      await opened.api.advance('P2D')
      expect(await sent('states')).toBe(0)

      const stopping = await choose(page, 'Stop…')
      expect(await stopping.getByRole('radio', { name: 'They finish' }).isDisabled()).toBe(true)
      await stopping.getByRole('button', { name: 'Not now' }).last().click()

      const resuming = await choose(page, 'Resume…')
      await resuming.getByText('In the meantime fell due: 12 people whose wait is over.').waitFor()
      await resuming.getByRole('radio', { name: 'All of it now' }).check()
      await resuming.getByRole('button', { name: 'Resume' }).click()
      await bar(page).getByText('Live v1').waitFor()
      await expect.poll(() => sent('states'), { timeout: 20_000 }).toBe(12)
      await people('start states', 15) // three of them are new

      const ending = await choose(page, 'Stop…')
      await ending.getByText('What happens to the 3 people inside?').waitFor({ timeout: 10_000 })
      await ending.getByRole('radio', { name: 'They finish' }).check()
      await ending.getByRole('button', { name: 'Stop', exact: true }).click()
      await bar(page).getByText('Stopped', { exact: true }).waitFor()

      const archiving = await choose(page, 'Archive…')
      await archiving.getByText('3 people inside leave now').waitFor()
      await archiving.getByRole('button', { name: 'Archive' }).click()
      await bar(page).getByText('Archived', { exact: true }).waitFor()
      await publishButton(page).hover()
      await page.getByRole('tooltip', { name: /This journey is archived/ }).waitFor()
      const returning = await choose(page, 'Take out of the archive…')
      await returning.getByRole('button', { name: 'Take out' }).click()
      await bar(page).getByText('Stopped', { exact: true }).waitFor()
    })
    expect(await inside('states')).toEqual({})
    expect(await sent('states')).toBe(12)
  })

  test('on a phone can be paused and stopped, and nothing can be drawn', async () => {
    await live(mailing('phone', 'P1D'))
    await opened.look('/journeys/phone', async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByRole('button', { name: 'Stop…' }).waitFor()
      expect(await publishButton(page).count()).toBe(0)
      await page.getByRole('button', { name: 'Pause…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
      await bar(page).getByText('Paused v1').waitFor()
      expect(await page.getByRole('application').count()).toBe(0)
    })
  })
})

describe('the history', () => {
  test('says who published what, when, and what it changed; any two are compared, and one comes back as a draft', async () => {
    await live(mailing('old', 'P3D'))
    await draft(mailing('old', 'P2D'))
    await opened.look('/journeys/old', async (page) => confirm(page, await ask(page), 'Publish'))
    await draft(mailing('old', 'P2D', { mail: mail('more'), more: mail('end', 'More') }))
    await opened.look('/journeys/old', async (page) => {
      await page.getByRole('button', { name: 'History' }).click()
      const history = page.getByRole('dialog', { name: /^History/ })
      const versions = history.getByRole('navigation', { name: 'Versions' })
      await versions.getByRole('button', { name: /^v2 Current.*by hand.*1 step changed/ }).waitFor()
      await versions.getByRole('button', { name: /^v1.*by the key .*First version/ }).waitFor()
      // The draft first, compared with what is live.
      await history.getByText('Draft, compared with').waitFor()
      await history
        .getByRole('img', { name: /^v2, drawn small/ })
        .getByText('Changed')
        .first()
        .waitFor()
      await history
        .getByRole('img', { name: /^Draft, drawn small/ })
        .getByText('New', { exact: true })
        .waitFor()
      await history.getByLabel('Compare with').selectOption('v1')
      await history.getByText('Waits 3 days').first().waitFor()

      await versions.getByRole('button', { name: /^v1/ }).click()
      await history.getByRole('button', { name: 'Restore v1 as draft' }).click()
      await history.getByText('Your draft has 2 changes that are not published.').waitFor()
      await history.getByRole('button', { name: 'Restore it' }).click()
      await bar(page).getByText('1 change not published').waitFor()
      const delay = async () => {
        const { draft: now } = await opened.api.must<{ draft: Journey }>('GET', '/journeys/old')
        return Object.keys(now.states['pause']?.after ?? {})
      }
      await expect.poll(delay, { timeout: 10_000 }).toEqual(['P3D'])
      await page.getByRole('button', { name: 'Undo', exact: true }).click()
      await expect.poll(delay, { timeout: 10_000 }).toEqual(['P2D'])
    })
  })

  test('of a journey that was never published says so', async () => {
    await draft(mailing('fresh', 'P3D'))
    await opened.look('/journeys/fresh', async (page) => {
      await page.getByRole('button', { name: 'History' }).click()
      const history = page.getByRole('dialog', { name: /^History/ })
      await history.getByText('Nothing was published yet').waitFor()
      expect(await history.getByRole('button').count()).toBe(1)
    })
  })
})

test('the name is changed in its place', async () => {
  await draft(mailing('named', 'P1D'))
  await opened.look('/journeys/named', async (page) => {
    await page.getByRole('button', { name: 'Rename the journey' }).click()
    await page.getByLabel('Name of the journey').fill('  A better name ')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'A better name', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByRole('heading', { name: 'named', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Redo', exact: true }).click()
    await expect
      .poll(async () => (await opened.api.must<{ name: string }>('GET', '/journeys/named')).name)
      .toBe('A better name')
  })
})

test('the dialogs fit 1280, 768 and 390 in light and dark, and axe finds nothing', async () => {
  await live(mailing('shown', 'P3D'))
  await people('start shown', 3)
  await draft({
    ...mailing('shown', 'P2D', { mail: mail('more'), more: wait('P1D', 'end') }),
    meta: { format: 1, name: 'Shown' },
  })
  await opened.look('/journeys/shown', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await (await ask(page)).getByRole('button', { name: 'Show it drawn' }).click()
    for (const [width, height] of [
      [1280, 800],
      [768, 1024],
      [390, 844],
    ] as const)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height })
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze()
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
        expect({ width, colorScheme, overflow, found }).toEqual({
          width,
          colorScheme,
          overflow: 0,
          found: [],
        })
      }
  })
})
