/** What came with the third version. See `0001.ts` for how tables are made. */
export const STATEMENTS = [
  // Mails that somebody sent to themselves to look at, and that were kept here.
  `create table test_mails (id text primary key, contact_id text, to_address text not null, subject text not null,
     content text not null, created_at integer not null) strict, without rowid`,
  `create index test_mails_newest on test_mails (created_at desc, id desc)`,
  `create index test_mails_contact on test_mails (contact_id) where contact_id is not null`,
]
