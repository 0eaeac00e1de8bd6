-- One row per group of an organisation's staff list of a round, in the order of its file.
-- Caller: fieldwork.read_staff
select item, label, people
from staff_group
where round = $round and organisation = $organisation
order by place
