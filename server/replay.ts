/** `npm run replay`: lives through the events of a file again. A process of its own: no server may have the database open. */
import { stat } from 'node:fs/promises'
import { formatInstant } from '../engine/index.ts'
import { withDatabase } from './command.ts'
import { NOTHING_MISSING } from './config.ts'
import { replayRows, type ReplayRow } from './ingest/columns.ts'
import { parseReplayOptions, REPLAY_USAGE, type ReplayOptions } from './ingest/replayOptions.ts'
import { showProgress } from './progress.ts'
import { openJourneys } from './runtime/journeys.ts'
import { keepUpToDate } from './runtime/memory.ts'
import { replay } from './runtime/replay.ts'
import { startTurns } from './runtime/turns.ts'
import type { Call } from './ingest/segment.ts'
import { lockDatabase } from './store/lock.ts'

/** More sentences about bad rows than anyone reads. */
const MOST_COMPLAINTS = 20

const parsed = parseReplayOptions(process.argv.slice(2))
if (parsed.ok) await run(parsed.options)
else {
  process.stderr.write(`${[...parsed.problems, REPLAY_USAGE].join('\n')}\n`)
  process.exitCode = parsed.problems.length === 0 ? 0 : 1
}

async function run(options: ReplayOptions): Promise<void> {
  await withDatabase(async ({ config, database, say, fail }) => {
    const unlock = lockDatabase(config.database)
    if (!unlock)
      return fail(
        'A server has the database open. Stop it first (Ctrl-C where it runs, or kill its process), then replay again.',
      )
    const journeys = await openJourneys(database, NOTHING_MISSING)
    const turns = startTurns(database, keepUpToDate(journeys))
    const runtime = {
      catalogue: journeys.catalogue,
      zone: config.timezone,
      lateAfter: config.lateAfter,
    }
    const size = await sizeOf(options.file)
    if (size === undefined) {
      unlock()
      return fail(`There is no file ${options.file} that can be read.`)
    }
    const bad: string[] = []
    let [bytes, refused] = [0, 0]
    const isScore = (attribute: string) => journeys.catalogue().scores.has(attribute)
    const rows = goodRows(replayRows(options, Date.now(), isScore), (row, problems) => {
      bytes = row.bytes
      refused += problems.length > 0 ? 1 : 0
      if (bad.length < MOST_COMPLAINTS) bad.push(...problems.map((problem) => `line ${row.line}: ${problem}`))
    })
    const started = performance.now()
    const progress = (line: number) => {
      const rate = Math.round(line / ((performance.now() - started) / 1000))
      showProgress(bytes / Math.max(1, size), `line ${line}, ${rate} events/s`)
    }
    const done = await replay({
      database,
      turns,
      runtime,
      source: options.source,
      rows,
      until: options.untilNow ? Date.now() : null,
      progress,
    })
    const seconds = (performance.now() - started) / 1000
    process.stderr.write('\n')
    for (const problem of bad) fail(problem)
    say(
      `${done.accepted} events applied, ${done.known} known already, ${refused} rows refused, in ${seconds.toFixed(1)} s (${Math.round(done.accepted / seconds)} events/s).`,
    )
    say(
      `Replayed up to ${Number.isFinite(done.clock) ? formatInstant(done.clock) : 'nowhere: the file has no events'}. Scores, lists and stages moved; no message was sent.`,
    )
    unlock()
  })
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size
}

/** The rows that are calls; the others are told and left out. */
async function* goodRows(
  rows: AsyncIterable<ReplayRow>,
  tell: (row: ReplayRow, problems: readonly string[]) => void,
): AsyncGenerator<{ line: number; call: Call }> {
  for await (const row of rows) {
    tell(row, 'problems' in row ? row.problems : [])
    if ('call' in row) yield row
  }
}
