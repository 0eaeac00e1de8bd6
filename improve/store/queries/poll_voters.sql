-- One row per person invited to a poll, in that order.
-- Caller: poll.read_voters
select voter, name, invited_at, withdrawn_in from poll_voter where poll_id = $poll_id order by voter
