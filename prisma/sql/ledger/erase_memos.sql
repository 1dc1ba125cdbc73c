-- Empties the memos of these entries of the current community, where members write them; the reasons of those who keep the ledger stay.
create or replace function ledger.erase_memos(entries uuid[])
returns void language sql security definer set search_path = public, pg_temp as $$
  update journal_entries e set memo = ''
  where e.community_id = current_setting('app.community_id')::uuid and e.id = any (entries)
    and e.kind in ('PAYMENT', 'REFUND', 'TRADE') and e.memo <> ''
$$;
revoke all on function ledger.erase_memos from public;
grant execute on function ledger.erase_memos to kith_app;
