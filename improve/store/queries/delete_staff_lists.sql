-- Deletes an organisation's staff list of a round.
-- Caller: fieldwork.write_staff
delete from staff_list where round = $round and organisation = $organisation
