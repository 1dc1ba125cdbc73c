-- A credit limit that was set for one account, which applying the policy to all passes over; and when a limit was lowered last: below
-- what is used, it forbids what is new and takes nothing back.
alter table accounts add column has_own_limit boolean not null default false, add column limit_lowered_at timestamptz(3);
update accounts a set has_own_limit = true, limit_lowered_at = greatest(now(), a.last_posted_at)
where exists (select from audit_log l where l.community_id = a.community_id and l.action = 'ledger.setLimits' and l.subject_id = a.id::text);
drop function if exists ledger.set_limits(uuid, bigint, bigint);
