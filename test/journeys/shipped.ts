/** The shipped journeys, their cases and their mails as they stand in the folder. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { journeySchema, type Journey } from '../../engine/index.ts'

export const JOURNEYS_FOLDER = join(import.meta.dirname, '../../journeys')
const TEMPLATES_FOLDER = join(JOURNEYS_FOLDER, 'templates')

/** Names of the files in a folder that end so, without the ending. */
function namesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .toSorted()
}

export const CASE_NAMES = namesIn(JOURNEYS_FOLDER, '.cases.json')
export const JOURNEY_NAMES = namesIn(JOURNEYS_FOLDER, '.json').filter((name) => !name.includes('.'))
export const MAIL_NAMES = namesIn(TEMPLATES_FOLDER, '.html')

export function journeyText(name: string): string {
  return readFileSync(join(JOURNEYS_FOLDER, `${name}.json`), 'utf8')
}

/** A shipped journey as the dialect reads it. */
export function shippedJourney(name: string): Journey {
  return journeySchema.parse(JSON.parse(journeyText(name))) as Journey
}

export interface Mail {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** A mail as the server loads it: the subject is the title of the page. */
export function shippedMail(name: string): Mail {
  const html = readFileSync(join(TEMPLATES_FOLDER, `${name}.html`), 'utf8')
  const text = readFileSync(join(TEMPLATES_FOLDER, `${name}.txt`), 'utf8')
  return { subject: /<title>(.*?)<\/title>/.exec(html)?.[1] ?? '', html, text }
}
