-- Deletes the index counts of the participations named in the table `touched`.
-- Caller: survey.write_responses
delete from index_count
where (round, organisation, instrument) in (select (round, organisation, instrument) from touched)
