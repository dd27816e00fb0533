// Keys alone: nothing is clicked, nothing is given the focus, so that what cannot be reached fails.
import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'

export interface Keyboard {
  readonly press: (...keys: readonly string[]) => Promise<void>
  readonly type: (text: string) => Promise<void>
  /** How that is called which has the focus; empty where nothing has it. */
  readonly focused: () => Promise<string>
  /** Waits until the focus is on something of that name. */
  readonly at: (name: string) => Promise<void>
  /** Goes on with Tab to something of that name, with at most `most` others before it. */
  readonly tabTo: (name: string | RegExp, most?: number) => Promise<void>
  /** Finds something in the list that is open, or opens by typing, and chooses it. */
  readonly choose: (option: string) => Promise<void>
  /** Opens the short list that has the focus, where nothing can be typed, and goes down to something in it. */
  readonly pick: (option: string | RegExp) => Promise<void>
}

export function keyboardOn(page: Page): Keyboard {
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const type = (text: string) => page.keyboard.type(text)
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement) || element === document.body) return ''
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
      const name = element.getAttribute('aria-label') ?? labels[0]?.innerText ?? element.innerText
      return name.trim().replace(/\s*\n\s*/g, ' ')
    })
  const isTaken = (option: Locator) => option.evaluate((each) => each.matches('[data-combobox-selected]'))
  const take = async (option: Locator) => {
    await press('Enter')
    await option.waitFor({ state: 'hidden' })
  }
  return {
    press,
    type,
    focused,
    at: async (name) => {
      await expect.poll(focused).toBe(name)
    },
    tabTo: async (name, most = 12) => {
      const passed: string[] = []
      for (let count = 0; count <= most; count++) {
        await press('Tab')
        const now = await focused()
        if (typeof name === 'string' ? now === name : name.test(now)) return
        passed.push(now.slice(0, 40))
      }
      throw new Error(`${name} is not within ${most} Tabs; passed: ${passed.join(' | ')}`)
    },
    choose: async (option) => {
      // A list that opens at the first letter forgets in its next moment what was chosen in it.
      await type(option.slice(0, 1))
      await page.getByRole('listbox').getByRole('option').filter({ visible: true }).first().waitFor()
      await page.evaluate(() => new Promise((done) => setTimeout(done, 20)))
      await type(option.slice(1))
      const found = page.getByRole('option', { name: option }).first()
      await found.waitFor()
      // Some lists take the first at once, others wait to be asked.
      if (!(await isTaken(found))) await press('ArrowDown')
      await expect.poll(() => isTaken(found)).toBe(true)
      await take(found)
    },
    pick: async (option) => {
      await press('Enter')
      const found = page.getByRole('option', { name: option })
      await found.waitFor()
      await expect
        .poll(async () => {
          if (await isTaken(found)) return true
          await press('ArrowDown')
          return isTaken(found)
        })
        .toBe(true)
      await take(found)
    },
  }
}
