-- Changes an action; one row: its id, none where the organisation has no such action.
-- Caller: action.write_action
update action
set aspect = $aspect, what = $what, done_on = $done_on, done_by = $done_by, changed_at = $now
where id = $id and organisation = $organisation
returning id
