-- Deletes the participations named in the table `touched`, to be written anew.
-- Caller: survey.write_responses
delete from participation
where (round, organisation, instrument) in (select (round, organisation, instrument) from touched)
