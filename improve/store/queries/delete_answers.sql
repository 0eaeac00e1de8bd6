-- Deletes the answer rows of imports that were replaced.
-- Caller: survey.write_responses
delete from answer
where import_id in (
    select id from import
    where round = $round and organisation = $organisation and instrument = $instrument and replaced_at is not null
)
