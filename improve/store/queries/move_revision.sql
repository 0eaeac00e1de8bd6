-- Moves a topic's revision by one; one row: the new number.
-- Caller: door.Store.write
insert into revision values ($topic, 1) on conflict do update set number = number + 1 returning number
