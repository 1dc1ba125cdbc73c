-- Thousandths: what all points of a member weigh, whichever their sign; with the score it tells the share of good ones. Each row has
-- it when it is computed next, within a day.
alter table reputations add column weight_milli integer not null default 0;
