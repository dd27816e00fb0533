// Writes the JSON Schema of a journey file, made from the definition the parser uses: `npm run schema`. Editors of text
// complete and check journey files with it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { journeySchema } from '../engine/journey.ts'

export const SCHEMA_FILE = join(import.meta.dirname, '../journeys/journey.schema.json')

/** The text of the schema file. */
export function journeyJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(journeySchema), null, 2)}\n`
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, journeyJsonSchema())
