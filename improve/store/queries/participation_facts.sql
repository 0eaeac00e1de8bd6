-- At most one row: what is known about a participation besides its answers.
-- Caller: survey.write_responses
select invited, opened_on, closed_on from participation
where round = $round and organisation = $organisation and instrument = $instrument
