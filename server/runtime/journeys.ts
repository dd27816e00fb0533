/** Journeys as the server knows them: the catalogue that events run through, publication, and every other change of state. */
import type { Database, Tx } from '../store/database.ts'
import { openBook, type Book, type MissingForSending } from './book.ts'
import { archive, pause, resume, stop, unarchive, type Overdue } from './lifecycle.ts'
import { publish, unpublish, type Choices } from './publication.ts'

/** Every change also changes the catalogue in memory: whoever undoes its transaction reads that again (`reload`). */
export type JourneyBook = Book & ReturnType<typeof changesOf>

export async function openJourneys(
  { read }: Pick<Database, 'read'>,
  missing: MissingForSending,
): Promise<JourneyBook> {
  const book = await openBook(read, missing)
  return { ...book, ...changesOf(book) }
}

function changesOf(book: Book) {
  return {
    publish: (tx: Tx, id: string, choices: Choices, now: number) => publish(tx, book, id, choices, now),
    unpublish: (tx: Tx, id: string, version: number, now: number) => unpublish(tx, book, id, version, now),
    pause: (tx: Tx, id: string, because: string | null, now: number) => pause(tx, book, id, because, now),
    resume: (tx: Tx, id: string, now: number, overdue: Overdue = 'send') =>
      resume(tx, book, id, overdue, now),
    stop: (tx: Tx, id: string, inside: 'finish' | 'leave', now: number) => stop(tx, book, id, inside, now),
    archive: (tx: Tx, id: string, leave: boolean, now: number) => archive(tx, book, id, leave, now),
    unarchive: (tx: Tx, id: string, now: number) => unarchive(tx, book, id, now),
  }
}
