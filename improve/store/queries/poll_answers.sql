-- One row per private answer to a poll of those whose invitation stands, in the order of the turns.
-- Caller: poll.read_ballots
select turn, voter, item, code
from poll_answer
join poll_voter using (poll_id, voter)
where poll_id = $poll_id and (withdrawn_in is null or turn < withdrawn_in)
order by turn, voter, item
