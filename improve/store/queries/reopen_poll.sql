-- Opens the second turn of a poll whose first is closed; one row where it was.
-- Caller: poll.reopen_poll
update poll
set turn = 2, closed_at = null
where id = $poll_id and turn = 1 and closed_at is not null and settled_at is null
returning turn
