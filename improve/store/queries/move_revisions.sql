-- Moves the revisions of topics by one; one row per topic: its new number.
-- Caller: door.Store.write
insert into revision select unnest($topics::varchar[]), 1
on conflict do update set number = number + 1 returning topic, number
