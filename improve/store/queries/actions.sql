-- One row per action of an organisation, in the order in which they were or will be done.
-- Caller: action.read_actions
select id, organisation, aspect, what, done_on, done_by, added_at, changed_at, closed_on
from action
where organisation = $organisation
order by done_on, id
