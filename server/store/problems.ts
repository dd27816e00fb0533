/** Problems: what a person should look at. The same one again is counted, not repeated. */
import type { Tx } from './database.ts'
import type { ProblemsTable } from './schema.ts'

export type NewProblem = Pick<ProblemsTable, 'severity' | 'code' | 'path' | 'detail' | 'at'> &
  Partial<Pick<ProblemsTable, 'contact_id' | 'seq' | 'journey'>>

export async function addProblem(tx: Tx, problem: NewProblem): Promise<void> {
  const { code, path, detail } = problem
  if (await countAgain(tx, problem)) return
  // Somebody else may be adding the same one.
  if ((await tx.lock(`problem ${code} ${path} ${detail}`)) && (await countAgain(tx, problem))) return
  await tx.db
    .insertInto('problems')
    .values({ ...problem, count: 1, open: 1 })
    .execute()
}

async function countAgain(tx: Tx, { code, path, detail, at }: NewProblem): Promise<boolean> {
  const repeated = await tx.db
    .updateTable('problems')
    .set((set) => ({ count: set('count', '+', 1), at }))
    .where('code', '=', code)
    .where('path', '=', path)
    .where('detail', '=', detail)
    .where('open', '=', 1)
    .executeTakeFirst()
  return repeated.numUpdatedRows > 0n
}

/** Whether there is an open problem of this kind about the journey. */
export async function hasProblem(tx: Tx, code: string, journey: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('problems')
    .select('id')
    .where('code', '=', code)
    .where('journey', '=', journey)
    .where('open', '=', 1)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Closes all problems of this kind about the journey. */
export async function closeProblems(tx: Tx, code: string, journey: string): Promise<void> {
  await tx.db
    .updateTable('problems')
    .set({ open: 0 })
    .where('code', '=', code)
    .where('journey', '=', journey)
    .where('open', '=', 1)
    .execute()
}

/** Closes the open problem that says just this. */
export async function closeSame(tx: Tx, code: string, detail: string): Promise<void> {
  await tx.db
    .updateTable('problems')
    .set({ open: 0 })
    .where('code', '=', code)
    .where('path', '=', '')
    .where('detail', '=', detail)
    .where('open', '=', 1)
    .execute()
}

/** Closes a problem; says whether there was an open one. */
export async function closeProblem(tx: Tx, id: number): Promise<boolean> {
  const result = await tx.db
    .updateTable('problems')
    .set({ open: 0 })
    .where('id', '=', id)
    .where('open', '=', 1)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
