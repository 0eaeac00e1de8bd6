-- Closes a round of a partnership; one row where it was open.
-- Caller: partnership.start_partnership_round, readiness.write_partnerships
update partnership_round
set closed_at = $now
where partnership_id = $partnership_id and number = $number and closed_at is null
returning number
