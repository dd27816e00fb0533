/** New journeys: empty, as a copy, from the gallery, from a file. None ever takes the place of one that is there. */
import { client, RequestError } from '../../client.ts'
import { journeysChanged } from '../../queries.ts'
import { words } from '../../words.ts'
import { emptyDraft } from '../document/draft.ts'
import { idAt, idFrom } from './ids.ts'

/** What a file or a draft says, as far as it is needed to give it another id and name. */
export interface NamedDocument {
  readonly id?: unknown
  readonly meta?: unknown
}

/** An empty journey of that name; answers its id. */
export function createEmpty(name: string): Promise<string> {
  return underFreeId(idFrom(name), (id) => create(id, emptyDraft(id, name)))
}

/** The same journey once more, its name saying so; answers its id. */
export function createCopy(document: NamedDocument, base: string): Promise<string> {
  return underFreeId(base, (id) =>
    create(id, withName(document, words.gallery.copyOf(nameOf(document) ?? base))),
  )
}

/** Exactly this document, under its own id; false where that is taken. */
export async function createUnder(id: string, document: NamedDocument): Promise<boolean> {
  try {
    await create(id, document)
    journeysChanged()
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

/** A shipped journey as a draft; answers its id. A second one of the same says that it is a copy. */
export function createShipped(original: string, name: string): Promise<string> {
  return underFreeId(original, (id) =>
    client.copyShipped(original, id, id === original ? name : words.gallery.copyOf(name)),
  )
}

/** All shipped journeys at once, those that are there already aside. */
export async function installShipped(): Promise<Awaited<ReturnType<typeof client.installShipped>>> {
  const installed = await client.installShipped()
  journeysChanged()
  return installed
}

async function create(id: string, document: NamedDocument): Promise<void> {
  await client.saveDraft(id, JSON.stringify({ ...document, id }), null)
}

async function underFreeId(base: string, make: (id: string) => Promise<unknown>): Promise<string> {
  for (let index = 0; ; index++) {
    const id = idAt(base, index)
    try {
      await make(id)
      journeysChanged()
      return id
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof RequestError && error.status === 412
}

/** What a document calls itself; undefined where it does not. */
function nameOf({ meta }: NamedDocument): string | undefined {
  const name = typeof meta === 'object' && meta !== null && 'name' in meta ? meta.name : undefined
  return typeof name === 'string' && name !== '' ? name : undefined
}

function withName(document: NamedDocument, name: string): NamedDocument {
  const { meta } = document
  return typeof meta === 'object' && meta !== null ? { ...document, meta: { ...meta, name } } : document
}
