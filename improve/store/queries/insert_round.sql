-- Makes a round.
-- Caller: survey.write_responses
insert into round values ($label, $now, null, 0)
