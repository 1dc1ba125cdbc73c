-- The account of a member who has left is closed: nothing is posted on it or held of it until they come back.
alter table accounts add column closed_at timestamptz(3);
alter type ledger.held add attribute closed boolean[];
update accounts a set closed_at = greatest(now(), a.last_posted_at), credit_limit = 0, ceiling = null
from members m
where m.community_id = a.community_id and m.id = a.member_id and m.state = 'LEFT' and a.balance = 0 and a.reserved = 0;
