-- Agreements between two members, what was proposed on the way, how they ended, and what the two say of each other.

create type trade_state as enum (
  'PROPOSED', 'AGREED', 'DELIVERED', 'COMPLETED', 'DECLINED', 'CANCELLED', 'EXPIRED', 'DISPUTED', 'RESOLVED');
create type trade_side as enum ('BUYER', 'PROVIDER');

create table trades (
  community_id uuid not null references communities (id) on delete cascade,
  -- Made by the client: the same id is the same trade.
  id uuid not null,
  -- Of everything the client said when it was opened: the same id with other content is refused.
  created_from bytea not null,
  buyer_id uuid not null,
  provider_id uuid not null,
  -- The listings it is about; their stock is taken at agreement.
  offer_id uuid,
  want_id uuid,
  suggestion_id uuid,
  title text not null,
  state trade_state not null default 'PROPOSED',
  -- The proposal on the table; after agreement, the one that was agreed.
  version integer not null default 1,
  -- When a proposal ends without an answer.
  expires_at timestamptz(3) not null,
  -- What of the buyer's money is held for it.
  reservation_id uuid,
  -- How much was taken from the stock of its listings.
  offer_taken integer not null default 0,
  want_taken integer not null default 0,
  agreed_at timestamptz(3),
  delivered_at timestamptz(3),
  -- When it completes by itself, if nobody says anything.
  completes_at timestamptz(3),
  -- What the materials cost in the end, in minor units of the global currency; never more than was agreed.
  global_cost bigint check (global_cost >= 0),
  buyer_confirmed_at timestamptz(3),
  provider_confirmed_at timestamptz(3),
  -- The buyer's wish to cancel what was agreed; the provider decides.
  cancel_asked_at timestamptz(3),
  end_reason text,
  -- When it came to its end: completed, declined, cancelled, expired, resolved.
  ended_at timestamptz(3),
  completed_at timestamptz(3),
  completed_by_itself boolean not null default false,
  -- What the provider got, and what of it was minted; minor units of the local currency.
  paid bigint check (paid >= 0),
  minted bigint not null default 0 check (minted >= 0),
  -- The entry that paid it; null where nothing was to be paid.
  entry_id uuid,
  -- An operator has undone it: money and reviews do not count any more.
  undone_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (community_id, id),
  foreign key (community_id, buyer_id) references members (community_id, id),
  foreign key (community_id, provider_id) references members (community_id, id),
  check (buyer_id <> provider_id)
);
create index trades_buyer on trades (community_id, buyer_id, created_at desc, id desc);
create index trades_provider on trades (community_id, provider_id, created_at desc, id desc);
create index trades_state on trades (community_id, state, created_at desc, id desc);
call kith.tenant_table('trades');

create table trade_proposals (
  community_id uuid not null references communities (id) on delete cascade,
  trade_id uuid not null,
  version integer not null,
  side trade_side not null,
  -- The broker who wrote it for a member who is offline.
  actor_id uuid,
  terms payment_terms not null,
  -- Minor units: local, and of the global currency.
  price bigint check (price >= 0),
  price_to bigint check (price_to >= price),
  global_price bigint check (global_price >= 0),
  global_currency text,
  quantity integer not null default 1 check (quantity > 0),
  note text not null default '',
  created_at timestamptz(3) not null default now(),
  primary key (community_id, trade_id, version),
  foreign key (community_id, trade_id) references trades (community_id, id) on delete cascade
);
call kith.tenant_table('trade_proposals');

create table reviews (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  trade_id uuid not null,
  -- Who wrote it, and of whom.
  side trade_side not null,
  author_id uuid not null,
  subject_id uuid not null,
  actor_id uuid,
  rating smallint not null check (rating between -1 and 1),
  quality smallint not null check (quality between 1 and 5),
  communication smallint not null check (communication between 1 and 5),
  punctuality smallint not null check (punctuality between 1 and 5),
  comment text not null default '',
  created_at timestamptz(3) not null default now(),
  -- Until then only its author reads it.
  unsealed_at timestamptz(3),
  reply text,
  replied_at timestamptz(3),
  -- A moderator hides the text, never the rating.
  hidden_at timestamptz(3),
  hidden_reason text,
  -- The trade was undone: it does not count.
  voided_at timestamptz(3),
  primary key (community_id, id),
  unique (community_id, trade_id, side),
  foreign key (community_id, trade_id) references trades (community_id, id) on delete cascade,
  foreign key (community_id, author_id) references members (community_id, id),
  foreign key (community_id, subject_id) references members (community_id, id)
);
create index reviews_subject on reviews (community_id, subject_id, unsealed_at desc, id desc);
create index reviews_author on reviews (community_id, author_id);
call kith.tenant_table('reviews');

create type dispute_state as enum ('OPEN', 'RESOLVED', 'APPEALED', 'CLOSED');
create type dispute_outcome as enum ('REFUND', 'RELEASE', 'SPLIT');

create table disputes (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  trade_id uuid not null,
  side trade_side not null,
  actor_id uuid,
  reason text not null,
  -- Where the trade stood.
  opened_from trade_state not null,
  state dispute_state not null default 'OPEN',
  -- What of the provider's money is held, where they had been paid already.
  reservation_id uuid,
  appeal_side trade_side,
  appeal_reason text,
  appealed_at timestamptz(3),
  -- Until then the first decision can be appealed.
  appeal_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  primary key (community_id, id),
  unique (community_id, trade_id),
  foreign key (community_id, trade_id) references trades (community_id, id) on delete cascade
);
create index disputes_state on disputes (community_id, state, created_at, id);
call kith.tenant_table('disputes');

create table dispute_evidence (
  community_id uuid not null references communities (id) on delete cascade,
  id uuid not null,
  dispute_id uuid not null,
  side trade_side not null,
  actor_id uuid,
  text text not null,
  links text[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  primary key (community_id, id),
  foreign key (community_id, dispute_id) references disputes (community_id, id) on delete cascade
);
create index dispute_evidence_dispute on dispute_evidence (community_id, dispute_id, created_at, id);
call kith.tenant_table('dispute_evidence');

create table dispute_decisions (
  community_id uuid not null references communities (id) on delete cascade,
  dispute_id uuid not null,
  -- 1: the first; 2: on appeal.
  round smallint not null check (round in (1, 2)),
  decided_by_id uuid not null,
  outcome dispute_outcome not null,
  -- What the provider gets, in minor units of the local currency.
  amount bigint not null check (amount >= 0),
  reason text not null,
  -- What was posted for it; null where only a reservation was given back, or all stayed as it was.
  entry_id uuid,
  created_at timestamptz(3) not null default now(),
  primary key (community_id, dispute_id, round),
  foreign key (community_id, dispute_id) references disputes (community_id, id) on delete cascade,
  foreign key (community_id, decided_by_id) references members (community_id, id)
);
call kith.tenant_table('dispute_decisions');
