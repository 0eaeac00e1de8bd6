-- Keeps a private answer of somebody who is invited, while the poll is open; one row where it was kept.
-- Caller: poll.answer_poll
insert into poll_answer
select id, turn, $voter, $item, $code, $now
from poll
where id = $poll_id and closed_at is null and settled_at is null
    and exists (
        select 1 from poll_voter where poll_id = $poll_id and voter = $voter and withdrawn_in is null
    )
    and exists (select 1 from assessment where id = assessment_id and submitted_at is null)
returning turn
