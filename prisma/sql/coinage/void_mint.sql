-- Undoes a mint of the current community, once: the provider gives the coins back to issuance, also where they were spent, and the grant
-- is theirs again. The rest of the trade stays. Where the whole entry was reversed already, the coins are back, and only the grant is left to return.
-- reversal: {id, memo, actorId?}. Answers whether it was undone now.
create or replace function coinage.void_mint(mint_id uuid, reversal jsonb, at timestamptz)
returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
  community uuid := current_setting('app.community_id')::uuid;
  mint coinage_mints;
  undone_by uuid;
  account uuid;
begin
  -- The grant first, then the mint, then the accounts: in this order it was minted, and a trade is undone.
  perform from coinage_standings s join coinage_mints m on m.community_id = s.community_id and m.provider_id = s.member_id
  where m.community_id = community and m.id = mint_id for update of s;
  select * into mint from coinage_mints m where m.community_id = community and m.id = mint_id for update;
  if not found or mint.voided_at is not null then return false; end if;
  update coinage_standings s set minted = s.minted - mint.amount where s.community_id = community and s.member_id = mint.provider_id;
  select r.reversal_id into undone_by from entry_reversals r where r.community_id = community and r.entry_id = mint.entry_id;
  if undone_by is null then
    undone_by := (reversal->>'id')::uuid;
    account := ledger.open_account('MEMBER', mint.provider_id);
    -- It hangs on the entry, so that reversing the trade later undoes what is left of it and not the mint again.
    perform ledger.settle(reversal || jsonb_build_object(
      'kind', 'REVERSAL', 'parentId', mint.entry_id, 'subject', jsonb_build_object('type', 'CoinageMint', 'id', mint.id),
      'postings', jsonb_build_array(
        jsonb_build_object('accountId', account, 'amount', (-mint.amount)::text),
        jsonb_build_object('accountId', ledger.open_account('ISSUANCE'), 'amount', mint.amount::text))), at, true);
    perform kith.publish('account.changed', mint.provider_id, jsonb_build_object('accountId', account, 'entryId', undone_by));
  end if;
  update coinage_mints m set voided_at = date_trunc('milliseconds', at), void_entry_id = undone_by,
    voided_by = (reversal->>'actorId')::uuid, void_reason = reversal->>'memo'
  where m.community_id = community and m.id = mint_id;
  return true;
end $$;
revoke all on function coinage.void_mint from public;
grant execute on function coinage.void_mint to kith_app;
