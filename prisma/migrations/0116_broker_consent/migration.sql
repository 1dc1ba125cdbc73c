-- Whether brokers may pay and trade for a member; everybody can withdraw that.
alter table members add column brokers_may_act boolean not null default true;
