// A short version of `npm run cdnow`, on purchases made up here.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cdnow, reckon } from '../support/cdnow.ts'

it('the second reckoning is right about what can be done by hand', () => {
  const file = ` customer_id  date number_of_cds  dollar_value
 a 19970101  1  11.77\r
 b 19970101  3  20.00
 b 19970101  2  20.00
 b 19970131  1   0.00

 c 19970101  1   9.99
 z 19970301  1   9.99\r\n`
  // a: 5, then 0 at the first ebb. b: 15 and 5 (capped), 10 off just before the purchase of day 30, 5; the end is a day too early for more.
  expect(Object.fromEntries(reckon(file))).toMatchObject({
    a: { score: 0, entries: 2 },
    b: { score: 15, entries: 4 },
    c: { score: 0, entries: 2 },
    z: { score: 5, entries: 1 },
  })
})

it('past purchases replay to the same scores as the second reckoning, killed half-way or not, and mail nobody', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-purchases-'))
  try {
    const file = join(folder, 'purchases.txt')
    await writeFile(file, purchases(80))
    const { broken, rows } = await cdnow(file)
    expect(broken).toEqual([])
    expect(rows).toBeGreaterThan(500)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 120_000)

/** Customer by customer, each in order of time, as in the real file: twins, days full of purchases, long silence. */
function purchases(customers: number): string {
  let state = 7
  const below = (limit: number) => (state = (state * 48_271) % 2_147_483_647) % limit
  const lines = [' customer_id  date number_of_cds  dollar_value']
  for (let customer = 1; customer <= customers; customer++) {
    let day = below(60)
    for (let n = below(20) + 1; n > 0 && day < 540; n--) {
      const date = new Date(Date.UTC(1997, 0, 1 + day)).toISOString().slice(0, 10).replaceAll('-', '')
      const line = ` ${String(customer).padStart(5, '0')} ${date}  ${below(6)}  ${below(100)}.00`
      lines.push(...(below(10) === 0 ? [line, line] : [line]))
      day += [0, 0, 1, 29, 30, 31, 60, 90][below(8)] ?? 0
    }
  }
  return `${lines.join('\r\n')}\r\n`
}
