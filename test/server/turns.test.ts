import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTurns, type Turns } from '../../server/runtime/turns.ts'
import { makeLists } from '../../server/store/lists.ts'
import { openStore, type TestStore } from '../support/store.ts'

let store: TestStore
beforeEach(async () => (store = await openStore()))
afterEach(() => store.close())

type Reader = TestStore['database']['read']

async function stored(db: Reader = store.database.read): Promise<readonly string[]> {
  const rows = await db.selectFrom('lists').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

/** A piece that makes a list, and then fails where it is told to. */
function making(turns: Turns, name: string, failure?: string): Promise<string> {
  return turns.run(async (tx) => {
    await makeLists(tx, [name], 0)
    if (failure !== undefined) throw new Error(failure)
    return name
  })
}

describe('what shares a turn', () => {
  test('is answered after it is stored', async () => {
    const answers = ['a', 'b', 'c'].map((name) => making(store.turns, name))
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c'])
    expect(await stored()).toEqual(['a', 'b', 'c'])
  })

  test('fails alone: the rest of the turn is stored, and the caller hears why', async () => {
    const [before, bad, after] = [
      making(store.turns, 'before'),
      making(store.turns, 'bad', 'no luck'),
      making(store.turns, 'after'),
    ]
    await expect(bad).rejects.toThrow('no luck')
    expect(await Promise.all([before, after])).toEqual(['before', 'after'])
    expect(await stored()).toEqual(['after', 'before'])
  })

  test('leaves nothing in memory of what was undone', async () => {
    let known: readonly string[] = []
    const turns = startTurns(store.database, async ({ db }) => void (known = await stored(db)))
    await making(turns, 'old')
    const failing = turns.run(
      async (tx) => {
        await makeLists(tx, ['new'], 0)
        known = ['new', 'old']
        throw new Error('no luck')
      },
      { catalogue: true },
    )
    await expect(failing).rejects.toThrow('no luck')
    expect(known).toEqual(['old'])
    await turns.stop()
  })
})

describe('what is in the order of one thing', () => {
  test('is done in the order it came, whatever is done beside it, and a change of the catalogue alone', async () => {
    const done: string[] = []
    const underWay = new Set<string>()
    const together: string[] = []
    const piece = (inOrderOf: string, n: number) =>
      store.turns.run(
        async (tx) => {
          underWay.add(inOrderOf)
          together.push([...underWay].join(' '))
          await stored(tx.db)
          underWay.delete(inOrderOf)
          done.push(`${inOrderOf} ${n}`)
        },
        inOrderOf === 'catalogue' ? { catalogue: true } : { inOrderOf },
      )
    const keys = ['a', 'b', 'c', 'd', 'e']
    const asked = Array.from({ length: 400 }, (_, n) => (n % 100 === 50 ? 'catalogue' : (keys[n % 5] ?? '')))
    await Promise.all(asked.map(piece))
    for (const key of [...keys, 'catalogue'])
      expect(done.filter((name) => name.startsWith(`${key} `))).toEqual(
        asked.flatMap((name, n) => (name === key ? [`${key} ${n}`] : [])),
      )
    expect(together.filter((names) => names.includes('catalogue') && names !== 'catalogue')).toEqual([])
  })
})
