-- What coinage came to in the current community, for each member it concerns or (null) in total; minor units.
-- `pending` is what trades that are agreed or delivered would mint at most, by the share of the policy.
create or replace function coinage.report(share_percent integer, at timestamptz, of_member uuid default null)
returns table (member_id uuid, granted bigint, minted bigint, voided bigint, expired bigint, remaining bigint, pending bigint, expires_at timestamptz)
language sql stable set search_path = public, pg_temp as $$
  with voided as (
    select m.provider_id, sum(m.amount)::bigint as amount from coinage_mints m
    where m.community_id = current_setting('app.community_id')::uuid and m.voided_at is not null group by m.provider_id
  ), waiting as (
    select t.provider_id, sum(coalesce(p.price, 0) * share_percent / 100)::bigint as amount
    from trades t join trade_proposals p on p.community_id = t.community_id and p.trade_id = t.id and p.version = t.version
    where t.community_id = current_setting('app.community_id')::uuid and t.state in ('AGREED', 'DELIVERED')
      and not exists (select from coinage_mints m where m.community_id = t.community_id and m.buyer_id = t.buyer_id and m.provider_id = t.provider_id)
    group by t.provider_id
  ), standing as (
    select s.*, case when s.expires_at <= at then 0 else s.granted - s.minted - s.expired end as remaining
    from coinage_standings s where s.community_id = current_setting('app.community_id')::uuid and (of_member is null or s.member_id = of_member)
  )
  select s.member_id, s.granted, s.minted, coalesce(v.amount, 0), s.granted - s.minted - s.remaining, s.remaining,
         least(coalesce(w.amount, 0), s.remaining), s.expires_at
  from standing s left join voided v on v.provider_id = s.member_id left join waiting w on w.provider_id = s.member_id
$$;
revoke all on function coinage.report from public;
grant execute on function coinage.report to kith_app;
