-- One row: the value of a fact about the store itself.
-- Caller: door
select value from meta where name = $name
