/** The schema on PostgreSQL, ours and that of graphile-worker. */
import { Logger, runMigrations } from 'graphile-worker'
import type { Kysely } from 'kysely'
import type { Pool } from 'pg'
import { forPostgres, migrate } from './migrations/index.ts'
import { connect } from './pgConnection.ts'
import { LANES_TABLE } from './pgMark.ts'
import type { Patience } from './pgPatience.ts'
import { LOCKS } from './pgBeginning.ts'
import type { TypeOf } from './pgStatements.ts'
import type { Tables } from './schema.ts'

/** Brings it up to date; answers of which type each column is. Several processes may start at once: one does it, the others wait and find it done. */
export async function bringUpToDate(
  url: string,
  patience: Patience,
  read: Kysely<Tables>,
  pool: Pool,
): Promise<TypeOf> {
  const connection = await patience.until(() => connect(url))
  try {
    await connection.query(`select pg_advisory_lock(${LOCKS.class}, ${LOCKS.opening})`)
    await migrate(read, 'on PostgreSQL', forPostgres)
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) })
    await connection.query(LANES_TABLE)
    await connection.query(RAISE)
    const { rows } = await connection.query(COLUMNS)
    const types = new Map((rows as { name: string; type: string }[]).map(({ name, type }) => [name, type]))
    return (table, column) => types.get(`${table}.${column}`) ?? 'text'
  } finally {
    await connection.end()
  }
}

const COLUMNS = `select table_name || '.' || column_name as name, data_type as type
  from information_schema.columns where table_schema = current_schema()`

/** Rows that came from elsewhere (`npm run move`) brought their numbers along: ours go on behind them. */
const RAISE = `do $$
declare generated record; last bigint;
begin
  create sequence if not exists journal_seq;
  select greatest((select max(seq) from journal), (select max(seq) from openings),
    (select max(seq) from segment_versions),
    (select max(value::bigint) from settings where name = 'last_seq')) into last;
  if last > coalesce(pg_sequence_last_value('journal_seq'), 0) then perform setval('journal_seq', last); end if;
  for generated in select table_name, column_name from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'
  loop
    execute format('select max(%I) from %I', generated.column_name, generated.table_name) into last;
    if last > coalesce(pg_sequence_last_value(pg_get_serial_sequence(quote_ident(generated.table_name), generated.column_name)), 0) then
      perform setval(pg_get_serial_sequence(quote_ident(generated.table_name), generated.column_name), last);
    end if;
  end loop;
end $$`
