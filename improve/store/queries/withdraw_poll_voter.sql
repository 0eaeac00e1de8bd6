-- Takes an invitation back while the poll is open; one row where there was one.
-- Caller: poll.withdraw
update poll_voter
set withdrawn_in = (select turn from poll where id = $poll_id)
where poll_id = $poll_id and voter = $voter and withdrawn_in is null
    and exists (select 1 from poll where id = $poll_id and closed_at is null and settled_at is null)
returning voter
