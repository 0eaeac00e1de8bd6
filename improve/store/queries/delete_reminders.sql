-- Deletes the reminders of the participations named in the table `incoming`.
-- Caller: survey.write_responses
delete from reminder
where (round, organisation, instrument) in (select (round, organisation, instrument) from incoming)
