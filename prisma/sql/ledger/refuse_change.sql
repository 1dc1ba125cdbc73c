-- The one rule in a trigger: not even the owner changes what was posted. The words of an entry alone may go, when who wrote them is erased.
create or replace function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'journal_entries' then
    if new.memo = '' and to_jsonb(new) - 'memo' = to_jsonb(old) - 'memo' then
      return new;
    end if;
  end if;
  raise exception '% is append-only: reverse the entry instead.', tg_table_name using errcode = 'KL014';
end $$;
