/**
 * How a process knows, after the connection was lost in the middle of a commit, whether it went through: each transaction
 * marks its turn in a row of its lane, first of all, so that whoever asks waits until it has ended one way or the other.
 * The number of the transaction would not do: what a crash of the server swallowed was never there, and its number is
 * given to another.
 */
import type { QueryConfig } from 'pg'

/**
 * Beside the tables of the installation, since it says nothing that outlasts a process: it is neither compared nor moved.
 * A lane is gone for good when its process is; rows of those that have been silent for so long are removed.
 */
export const LANES_TABLE = `create schema if not exists tidemark;
  create table if not exists tidemark.lanes (
    id text primary key, turn bigint not null, used_at timestamptz not null default now()
  ) with (fillfactor = 50);
  delete from tidemark.lanes where used_at < now() - interval '30 days'`

/** Where a transaction stands: its lane, and which one of it. */
export interface Mark {
  readonly lane: string
  readonly turn: number
}

/** Marks the turn; belongs into its transaction. */
export function markTurn({ lane, turn }: Mark): QueryConfig {
  return { name: 'mark', text: MARK, values: [lane, turn] }
}

/** Asks for the last turn of the lane that was committed, once none is under way; answers one row, `turn`. */
export function lastTurn(lane: string): QueryConfig {
  return { text: LAST, values: [lane] }
}

const MARK = `insert into tidemark.lanes (id, turn) values ($1, $2)
  on conflict (id) do update set turn = excluded.turn, used_at = excluded.used_at`
// Writes, so that it waits also for a first turn, whose row nobody else can see yet.
const LAST = `insert into tidemark.lanes (id, turn) values ($1, 0)
  on conflict (id) do update set used_at = excluded.used_at returning turn`
