/** What came with the second version. See `0001.ts` for how tables are made. */
export const STATEMENTS = [
  `alter table messages add column channel text not null default 'email'`,
  `alter table messages add column delivered_at integer`,
  `create table sources (name text primary key, auth text not null, secret text not null, mapping text not null,
     created_at integer not null, updated_at integer not null) strict`,
  // The brakes and what is due, by journey: overdue rows of a paused one are never walked past.
  `alter table messages add column answers integer not null default 0`,
  `alter table messages add column released integer not null default 0`,
  `alter table messages add column counted_at integer`,
  `update messages set counted_at = sent_at where sent_at is not null`,
  `create index messages_counted on messages (contact_id, counted_at) where counted_at is not null`,
  `create index messages_held on messages (journey, created_at, id) where status = 'held'`,
  `drop index messages_waiting`,
  `create index messages_due on messages (channel, journey, next_at, id) where status in ('queued', 'retry')`,
  `drop index enrollments_due`,
  `create index enrollments_due on enrollments (journey, due_at, id)
     where live = 1 and parked = 0 and due_at is not null`,
  `create table brakes (journey text primary key, counts text not null) strict, without rowid`,
  `alter table problems add column entry text`,
  `create index problems_failed on problems (journey, code, seq) where seq is not null`,
  `create index problems_contact on problems (contact_id) where contact_id is not null`,
  // Until when the process that took a message is believed to be sending it, by the machine's clock.
  `alter table messages add column lease_until integer`,
  // Publications: what they still have to do with those inside, and what taking one back restores.
  `alter table journey_versions add column published_by text`,
  `alter table journey_versions add column replaces integer`,
  `alter table journey_versions add column replaced_status text`,
  `alter table journey_versions add column quiet_until integer`,
  `alter table journey_versions add column taken_back_at integer`,
  `drop index enrollments_inside`,
  `create index enrollments_inside on enrollments (journey, version, step) where live = 1`,
  `create table journey_work (id integer primary key, kind text not null, journey text not null,
     version integer not null, done_to text not null, due_at integer not null) strict`,
  `create table taken_passages (enrollment text not null, journey text not null, version integer not null,
     contact_id text not null, before_version integer not null, state text not null,
     primary key (journey, version, enrollment)) strict, without rowid`,
  `create index taken_passages_contact on taken_passages (contact_id)`,
  // What would have let somebody into a paused journey.
  `create table held_entries (id integer primary key, journey text not null, contact_id text not null,
     at integer not null, entry text not null, due_at integer) strict`,
  `create index held_entries_journey on held_entries (journey, id)`,
  `create index held_entries_due on held_entries (due_at, id) where due_at is not null`,
  `create index held_entries_contact on held_entries (contact_id)`,
  // Segments, who is in them, and what they meant when.
  `create table segments (name text primary key, condition text not null, created_at integer not null,
     updated_at integer not null) strict`,
  `create table segment_versions (seq integer primary key, name text not null, condition text) strict`,
  `create table segment_members (segment text not null, contact_id text not null,
     primary key (segment, contact_id)) strict, without rowid`,
  `create index segment_members_contact on segment_members (contact_id)`,
  // Triggers by time: when each contact is next looked at, and what goes through all contacts.
  `create table dues (contact_id text not null, journey text not null, delay text not null,
     after_at integer not null, due_at integer not null, primary key (contact_id, journey, delay))
     strict, without rowid`,
  `create index dues_due on dues (due_at)`,
  `create table rounds (kind text not null, journey text not null, delay text not null, due_at integer,
     done_to text not null, primary key (kind, journey, delay)) strict, without rowid`,
]
