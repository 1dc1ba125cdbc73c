-- An address is kept in lower case, so that an ordinary unique key finds it.
update users set email = lower(email) where email <> lower(email);
alter table users add constraint users_email_is_lower check (email = lower(email));
drop index users_email_key;
create unique index users_email_key on users (email);

-- The daily sweep looks by it.
create index sessions_expires_at on sessions (expires_at);

-- Set when the e-mail about it was put on its way, so that a job that runs twice mails once.
alter table notifications add column mailed_at timestamptz;
