-- At most one row: where an organisation's staff list of a round came from.
-- Caller: fieldwork.read_staff
select imported_at, file_name
from staff_list
where round = $round and organisation = $organisation
