-- Deletes the groups of an organisation's staff list of a round.
-- Caller: fieldwork.write_staff
delete from staff_group where round = $round and organisation = $organisation
