-- Closes an action, or opens it again; one row: its id, none where the organisation has no such action.
-- Caller: action.close_action
update action
set closed_on = $closed_on, changed_at = $now
where id = $id and organisation = $organisation
returning id
