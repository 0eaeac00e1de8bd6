-- Marks an organisation's imports of a round and instrument as replaced.
-- Caller: survey.write_responses
update import set replaced_at = $now
where round = $round and organisation = $organisation and instrument = $instrument and replaced_at is null
