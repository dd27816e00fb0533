// Keys alone: nothing is clicked, nothing is given the focus, so that what cannot be reached fails.
import type { Page } from 'playwright'
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
      await type(option)
      const found = page.getByRole('option', { name: option }).first()
      await found.waitFor()
      // Some lists take the first at once, others wait to be asked.
      const isTaken = () => found.evaluate((each) => each.matches('[data-combobox-selected]'))
      if (!(await isTaken())) await press('ArrowDown')
      await expect.poll(isTaken).toBe(true)
      await press('Enter')
      await found.waitFor({ state: 'hidden' })
    },
  }
}
