-- Writes one fact about the store itself.
-- Caller: door
insert into meta values ($name, $value) on conflict do update set value = excluded.value
