// What is wrong with a journey, told in words beside its drawing: made on purpose by the API, seen and mended in the page.
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../engine/index.ts'
import type { Draft } from '../../editor/builder/document/draft.ts'
import { sentenceOf } from '../../editor/builder/problems/sentence.ts'
import { draft as drafted, FAULTS, NEIGHBOURS, type FaultMade } from '../support/faults.ts'
import { triggerTo } from '../support/journeys.ts'
import { signedIn, type SignedIn } from '../support/signedIn.ts'
import { choose, email, end, join, score, update, wait } from '../support/steps.ts'

let opened: SignedIn

beforeAll(async () => {
  opened = await signedIn()
  const { api } = opened
  for (const event of ['go', 'quote_requested', 'purchase']) await api.track('ada', event)
  await api.identify('ada', { firstName: 'Ada' })
  await api.must('PUT', '/segments/Hot', { when: { field: 'SCORE', operator: '>', value: 80 } })
  for (const journey of NEIGHBOURS) {
    await api.must('PUT', `/journeys/${journey.id}`, journey)
    await api.must('POST', `/journeys/${journey.id}/publish`, {})
  }
})
afterAll(() => opened?.stop())

interface Detail {
  readonly draft: Draft
  readonly problems: readonly Problem[]
}
const detail = (id: string) => opened.api.must<Detail>('GET', `/journeys/${id}`)
const stored = (id: string, draft: Draft) => opened.api.must('PUT', `/journeys/${id}`, { ...draft, id })
/** How long a look is repeated: a pause in typing, a save and a busy machine lie between. */
const SOON = { timeout: 15_000 }

const count = (page: Page) => page.getByRole('button', { name: /^(\d+ errors?)?( · )?(\d+ warnings?)?$/ })
const list = (page: Page) => page.getByRole('region', { name: 'Problems of this journey' })
const publish = (page: Page): Locator => page.getByRole('button', { name: 'Publish', exact: true })

// ---- Every problem that a button mends -------------------------------------------------------------------------------

/** One of each kind: what else a button does the commands' own tests look at. */
const KINDS = FAULTS.filter(([code], index) => FAULTS.findIndex(([other]) => other === code) === index)
/** So many tabs at once. */
const TABS = [0, 1, 2] as const

test('each problem is told in words, keeps a journey from being published, and is mended by its button', async () => {
  await Promise.all(
    TABS.map((tab) =>
      opened.look('/journeys/welcome', async (page, complaints) => {
        for (const fault of KINDS.filter((_, index) => index % TABS.length === tab))
          await seenAndMended(page, fault)
        // An e-mail that does not exist is looked for in vain, and the browser says so.
        expect(complaints.filter((text) => !text.includes('404 (Not Found)'))).toEqual([])
      }),
    ),
  )
})

async function seenAndMended(page: Page, [code, faulty, [label = '']]: FaultMade): Promise<void> {
  const id = `fault-${code.replaceAll('_', '-')}`
  await stored(id, faulty)
  const { problems } = await detail(id)
  const problem = problems.find((each) => each.code === code)!
  expect({ code, problem }).toEqual({ code, problem: expect.anything() })
  if (problems.some(({ severity }) => severity === 'error'))
    expect((await opened.api.admin('POST', `/journeys/${id}/publish`, {})).status).toBe(409)

  await page.goto(`${opened.server.url}/journeys/${id}`)
  await count(page).click()
  const mend = list(page)
    .getByRole('listitem')
    .filter({ hasText: sentenceOf(problem, faulty) })
    .getByRole('button', { name: label.replace(/: a$/, '') })
  await mend.click()
  await mend.waitFor({ state: 'detached' })
  const left = async () =>
    (await detail(id)).problems.filter(
      ({ path, detail }) => path === problem.path && detail === problem.detail,
    )
  await expect.poll(left, SOON).toEqual([])
}

// ---- One journey with several ---------------------------------------------------------------------------------------

const SEVERAL = drafted(
  {
    asks: choose(['warm', score('<', 50)], ['hot', score('>=', 50)], 'end'),
    warm: join('welcome', 'Warm leads'),
    welcome: email('guide', 'welcome'),
    guide: email('end', 'guide'),
    hot: wait('end'),
    lost: update('end'),
    empty: join('end', ''),
    end,
  },
  { on: { go: triggerTo('asks'), quote_requestd: triggerTo('empty') } },
)

describe('a journey with several problems', () => {
  test('counts them beside Publish, which says why it does nothing', async () => {
    await stored('several', SEVERAL)
    await opened.look('/journeys/several', async (page, complaints) => {
      await expect.poll(() => count(page).textContent(), SOON).toBe('2 errors · 3 warnings')
      await expect.poll(() => publish(page).getAttribute('aria-disabled'), SOON).toBe('true')
      const because = await publish(page).getAttribute('aria-describedby')
      expect(await page.locator(`[id="${because}"]`).textContent()).toBe('2 errors have to be mended first.')
      await publish(page).click({ force: true })
      await list(page).waitFor()
      expect(await list(page).getByRole('heading').allTextContents()).toEqual([
        'Add to list',
        'Adds 5 points',
        'Go',
        'Quote requestd',
        'A guide to read before you decide',
      ])
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
      expect(complaints).toEqual([])
    })
  })

  test('shows a dot at each card, and what is wrong above the form of the one that is chosen', async () => {
    await stored('dots', SEVERAL)
    await opened.look('/journeys/dots', async (page) => {
      const dots = page.getByRole('application').getByRole('img', { name: /is wrong here|worth a look/ })
      await expect.poll(() => dots.count(), SOON).toBe(5)
      await count(page).click()
      await list(page).getByRole('button', { name: 'Who gets the e-mail' }).click()
      const here = page.getByRole('region', { name: 'Problems here' })
      await here.getByText('is a wait missing between them?').waitFor()
      await here.getByRole('button', { name: 'Insert a wait of 1 day' }).click()
      await here.waitFor({ state: 'hidden' })
      await expect.poll(async () => (await detail('dots')).draft.states['wait'], SOON).toBeDefined()
      await page.getByRole('button', { name: 'Undo', exact: true }).click()
      await here.waitFor()
    })
  })

  test('counts them on a phone, too, with a list that fits', async () => {
    await stored('phone', SEVERAL)
    await opened.look('/journeys/phone', async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await count(page).click()
      const { x, width } = (await list(page).boundingBox())!
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + width).toBeLessThanOrEqual(390)
      const hidden = await list(page).evaluate(
        (panel) =>
          [...panel.querySelectorAll('*')].filter(
            (each) => each.getBoundingClientRect().right > panel.getBoundingClientRect().right + 1,
          ).length,
      )
      expect(hidden).toBe(0)
      await list(page).getByRole('button', { name: 'Who gets the e-mail' }).click()
      await page.getByRole('region', { name: 'Problems here' }).waitFor()
    })
  })

  test('is told at once, before anything is saved, and without a flicker afterwards', async () => {
    await stored('at-once', drafted({ first: wait('second'), second: wait('end'), end }))
    await opened.look('/journeys/at-once', async (page) => {
      await page.getByText('No problems').waitFor()
      let save = () => {}
      const saving = new Promise<void>((resolve) => (save = resolve))
      await page.route('**/journeys/at-once', async (route) => {
        if (route.request().method() === 'PUT') await saving
        await route.continue()
      })
      const outline = page.getByRole('region', { name: 'Outline' })
      await outline.locator('[data-step=first]').click()
      await page.keyboard.press('a')
      await page.getByRole('dialog', { name: 'Add a step' }).waitFor()
      await page.keyboard.type('add to list')
      await page.keyboard.press('Enter')
      await page.getByText('Still being filled in').waitFor()
      await outline.locator('[data-step=first]').click()
      await count(page).waitFor()
      expect((await detail('at-once')).problems).toEqual([])
      await page.evaluate(() => {
        const seen = new Set<string>()
        const look = () => {
          seen.add(document.querySelector('[data-severity]')?.textContent ?? 'gone')
          requestAnimationFrame(look)
        }
        look()
        Object.assign(window, { seen })
      })
      save()
      await expect.poll(async () => (await detail('at-once')).problems.length, SOON).toBe(1)
      await page.getByText('Saved').first().waitFor()
      expect(await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])).toEqual([
        '1 error',
      ])
    })
  })

  test('keeps quiet about a step that is being filled in for the first time', async () => {
    await stored('quiet', drafted({ first: wait('end'), end }))
    await opened.look('/journeys/quiet', async (page) => {
      await page.getByText('No problems').waitFor()
      await page.getByRole('region', { name: 'Outline' }).locator('[data-step=first]').click()
      await page.keyboard.press('a')
      await page.getByRole('dialog', { name: 'Add a step' }).waitFor()
      await page.keyboard.type('add to list')
      await page.keyboard.press('Enter')
      await expect.poll(async () => (await detail('quiet')).problems.length, SOON).toBe(1)
      await page.getByText('Still being filled in').waitFor()
      await publish(page).click({ force: true })
      await list(page).getByText('No list is chosen yet').waitFor()
    })
  })
})
