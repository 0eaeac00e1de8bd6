-- Invites somebody to a poll that is open; one row: their number.
-- Caller: poll.invite
insert into poll_voter
select $poll_id, (select coalesce(max(voter), 0) + 1 from poll_voter where poll_id = $poll_id), $name, $now, null
from poll
where id = $poll_id and closed_at is null and settled_at is null
returning voter
