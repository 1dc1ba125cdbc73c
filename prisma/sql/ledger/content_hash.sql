-- What makes two entries the same: everything that was said of them, in any order of the keys.
create or replace function ledger.content_hash(content jsonb)
returns bytea language sql immutable parallel safe as $$ select sha256(convert_to(content::text, 'UTF8')) $$;
revoke all on function ledger.content_hash from public;
