-- One row per topic, with its revision.
-- Caller: door.Store
select topic, number from revision
