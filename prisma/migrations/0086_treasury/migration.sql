-- What the community holds and does with it is in the ledger; here are the figures made of it.
create schema treasury;
grant usage on schema treasury to kith_app;
