/** What came with the fourth version. See `0001.ts` for how tables are made. */
export const STATEMENTS = [
  // What a pause held back, by numbers that are never given again, as a decision is about all up to one of them.
  `create table held_entries_numbered (id integer primary key autoincrement, journey text not null,
     contact_id text not null, at integer not null, entry text not null, due_at integer) strict`,
  `insert into held_entries_numbered (id, journey, contact_id, at, entry, due_at)
     select id, journey, contact_id, at, entry, due_at from held_entries`,
  `drop table held_entries`,
  `alter table held_entries_numbered rename to held_entries`,
  `create index held_entries_journey on held_entries (journey, id)`,
  `create index held_entries_postponed on held_entries (journey, due_at) where due_at is not null`,
  `create index held_entries_contact on held_entries (contact_id)`,
  `create table held_decisions (journey text not null, first_id integer not null, last_id integer not null,
     from_at integer, step integer not null, primary key (journey, last_id)) strict, without rowid`,
  `insert into held_decisions (journey, first_id, last_id, from_at, step)
     select journey, min(id), max(id), min(due_at), 0 from held_entries where due_at is not null group by journey`,
  // For whom a journey failed last: one row of each, however often it failed.
  `create table failing_contacts (journey text not null, contact_id text not null, seq integer not null,
     at integer not null, primary key (journey, contact_id)) strict, without rowid`,
  `create index failing_contacts_newest on failing_contacts (journey, at)`,
  `create index failing_contacts_contact on failing_contacts (contact_id)`,
  `insert into failing_contacts (journey, contact_id, seq, at)
     select journey, contact_id, max(seq), max(at) from problems
     where code = 'cascade_failed' and journey is not null and contact_id is not null and seq is not null
     group by journey, contact_id`,
  `drop index problems_failed`,
]
