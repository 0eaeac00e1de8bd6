-- Deletes the counts of the participations named in the table `touched`.
-- Caller: survey.write_responses
delete from item_count
where (round, organisation, instrument) in (select (round, organisation, instrument) from touched)
