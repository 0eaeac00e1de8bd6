-- Closes the turn of a poll that is open; one row where it was.
-- Caller: poll.close_poll
update poll
set closed_at = $now
where id = $poll_id and closed_at is null and settled_at is null
returning turn
