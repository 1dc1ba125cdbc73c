-- The double-entry ledger. The application reads these tables and writes them through the functions of the schema `ledger` alone.

create schema ledger;
grant usage on schema ledger to kith_app;

create type account_kind as enum ('MEMBER', 'ISSUANCE', 'TREASURY', 'CLEARING');
create type journal_kind as enum (
  'PAYMENT', 'REFUND', 'TRADE', 'MINT', 'BURN', 'GRANT', 'DEMURRAGE', 'FEE', 'EXCHANGE', 'CASH_IN', 'CASH_OUT', 'FEDERATION',
  'CAMPAIGN', 'TREASURY', 'ADJUSTMENT', 'REVERSAL');

create table accounts (
  community_id uuid not null references communities (id),
  id uuid not null,
  kind account_kind not null,
  -- Whose it is; null for accounts of the system.
  member_id uuid,
  -- Of the community's own currency, or of a global one: a code alone does not tell.
  is_local boolean not null,
  currency_code text not null check (currency_code ~ '^[A-Z]{3,8}$'),
  scale smallint not null check (scale between 0 and 4),
  -- Minor units. available = balance - reserved + credit_limit.
  balance bigint not null default 0,
  reserved bigint not null default 0 check (reserved >= 0),
  credit_limit bigint not null default 0 check (credit_limit >= 0),
  -- No credit takes the balance above it; null is no ceiling.
  ceiling bigint,
  -- Times of an account's postings never run backwards, whatever the clocks of several servers say.
  last_posted_at timestamptz(3) not null default '-infinity',
  opened_at timestamptz(3) not null default now(),
  primary key (community_id, id),
  unique nulls not distinct (community_id, kind, member_id, is_local, currency_code),
  foreign key (community_id, member_id) references members (community_id, id),
  check ((kind = 'MEMBER') = (member_id is not null)),
  check (kind <> 'ISSUANCE' or is_local),
  check (kind <> 'CLEARING' or not is_local)
  -- Balances change with every payment: a changed row finds room on its page and no index has to follow.
) with (fillfactor = 50);
create index accounts_member on accounts (community_id, member_id);
call kith.tenant_table('accounts');

-- Entries and postings have no foreign keys: only ledger.write() makes them, of accounts it has locked, nothing is ever deleted,
-- and the audit looks for orphans. Checked row by row they would cost more than the payment.
create table journal_entries (
  community_id uuid not null,
  -- Made by the client: the same id is the same entry.
  id uuid not null,
  -- Of everything the client said: the same id with other content is refused.
  content_hash bytea not null,
  kind journal_kind not null,
  memo text not null default '',
  -- The member who acted; null: the system.
  actor_id uuid,
  -- For whom they acted, when it was somebody else.
  on_behalf_of_id uuid,
  -- The entry this one hangs on: undone with it. Always an entry that hangs on nothing itself.
  parent_id uuid,
  -- What it is about, such as a listing or a trade.
  subject_type text,
  subject_id uuid,
  posted_at timestamptz(3) not null,
  primary key (community_id, id)
);
create index journal_entries_posted on journal_entries (community_id, posted_at, id);
create index journal_entries_parent on journal_entries (community_id, parent_id) where parent_id is not null;
create index journal_entries_subject on journal_entries (community_id, subject_id) where subject_id is not null;
call kith.tenant_table('journal_entries');

create table postings (
  community_id uuid not null,
  account_id uuid not null,
  posted_at timestamptz(3) not null,
  -- The order of postings, of one account without doubt.
  seq bigint generated always as identity,
  entry_id uuid not null,
  -- Minor units; + credits, - debits.
  amount bigint not null check (amount <> 0),
  balance_after bigint not null,
  -- The reservation a debit was paid from.
  reservation_id uuid,
  primary key (community_id, account_id, posted_at, seq)
);
create index postings_entry on postings (community_id, entry_id);
call kith.tenant_table('postings');

-- Which entries were undone, each once, and by which entry.
create table entry_reversals (
  community_id uuid not null,
  entry_id uuid not null,
  reversal_id uuid not null,
  primary key (community_id, entry_id)
);
create index entry_reversals_reversal on entry_reversals (community_id, reversal_id);
call kith.tenant_table('entry_reversals');

create table reservations (
  community_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  -- What is held now; nothing is left once it was spent and released.
  amount bigint not null check (amount between 0 and initial_amount),
  initial_amount bigint not null check (initial_amount > 0),
  subject_type text,
  subject_id uuid,
  created_at timestamptz(3) not null,
  changed_at timestamptz(3) not null,
  primary key (community_id, id)
);
create index reservations_open on reservations (community_id, account_id) where amount > 0;
create index reservations_subject on reservations (community_id, subject_id) where subject_id is not null;
call kith.tenant_table('reservations');

revoke insert, update, delete on accounts, journal_entries, postings, entry_reversals, reservations from kith_app;

-- The one rule in a trigger: not even the owner changes what was posted.
create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: reverse the entry instead.', tg_table_name using errcode = 'KL014';
end $$;
create trigger append_only before update or delete on journal_entries for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on postings for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on entry_reversals for each row execute function ledger.refuse_change();
create trigger append_only_all before truncate on journal_entries execute function ledger.refuse_change();
create trigger append_only_all before truncate on postings execute function ledger.refuse_change();
create trigger append_only_all before truncate on entry_reversals execute function ledger.refuse_change();
