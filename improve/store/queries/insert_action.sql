-- Adds an action; one row: its id.
-- Caller: action.write_action
insert into action
select coalesce(max(id), 0) + 1, $organisation, $aspect, $what, $done_on, $done_by, $now, $now, null
from action
returning id
