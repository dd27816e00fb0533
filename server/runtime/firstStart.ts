/** What an empty database gets: the shipped mails, and the shipped journeys, live where they may be. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJourneyText, sends, type Journey } from '../../engine/index.ts'
import type { MailTemplate } from '../messages/compose.ts'
import type { Tx } from '../store/database.ts'
import { saveDraft } from '../store/journeys.ts'
import { setSetting, setting } from '../store/settings.ts'
import { saveTemplate } from '../store/templates.ts'
import type { JourneyBook } from './journeys.ts'

/** The shipped files, read and checked. */
export interface Shipped {
  readonly journeys: readonly Journey[]
  readonly templates: { readonly [name: string]: MailTemplate }
}

/** Reads `journeys/`. Throws where a file of ours is broken: that is a defect. */
export async function readShipped(folder: string): Promise<Shipped> {
  const files = (await readdir(folder)).filter(
    (name) => name.endsWith('.json') && !name.endsWith('.cases.json') && name !== 'journey.schema.json',
  )
  const journeys = await Promise.all(
    files.toSorted().map(async (name) => parsed(name, await readFile(join(folder, name), 'utf8'))),
  )
  return { journeys, templates: await readTemplates(join(folder, 'templates')) }
}

function parsed(name: string, text: string): Journey {
  const result = parseJourneyText(text)
  if (!result.ok)
    throw new Error(
      `journeys/${name}: ${result.problems.map(({ path, detail }) => `${path}: ${detail}`).join('; ')}`,
    )
  return result.value
}

/** A mail is `<name>.html`, its subject the `<title>`, with `<name>.txt` beside it. */
async function readTemplates(folder: string): Promise<Shipped['templates']> {
  const names = (await readdir(folder))
    .filter((file) => file.endsWith('.html'))
    .map((file) => file.slice(0, -'.html'.length))
  const entries = await Promise.all(
    names.map(async (name) => {
      const html = await readFile(join(folder, `${name}.html`), 'utf8')
      const text = await readFile(join(folder, `${name}.txt`), 'utf8')
      const subject = /<title>([^<]*)<\/title>/.exec(html)?.[1]?.trim() ?? name
      return [name, { subject, html, text }] as const
    }),
  )
  return Object.fromEntries(entries)
}

/**
 * Fills an empty database; true where it was empty. With `real` mail those that send stay drafts: nobody is mailed before
 * a person has read what will be sent.
 */
export async function fillWhenEmpty(
  tx: Tx,
  journeys: JourneyBook,
  shipped: Shipped,
  real: boolean,
  now: number,
): Promise<boolean> {
  if ((await setting(tx.db, 'initialised')) !== undefined) return false
  for (const [name, template] of Object.entries(shipped.templates))
    await saveTemplate(tx, name, template, now)
  for (const journey of shipped.journeys) await saveDraft(tx, journey.id, JSON.stringify(journey), now)
  for (const journey of shipped.journeys) {
    if (real && sends(journey)) continue
    const published = await journeys.publish(tx, journey.id, { inside: 'stay' }, now)
    if (typeof published === 'string' || !published.ok)
      throw new Error(`journeys/${journey.id}.json could not be published: ${JSON.stringify(published)}`)
  }
  await setSetting(tx, 'initialised', '1')
  return true
}
