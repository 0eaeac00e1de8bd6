-- Ends a poll: its answers are agreed, or it is given up; one row where it was not over yet.
-- Caller: poll.settle_poll
update poll
set settled_at = $now
where id = $poll_id and settled_at is null
returning turn
