-- Deletes what was approved of the comments of imports that were replaced.
-- Caller: survey.write_responses
delete from approved_comment
where import_id in (
    select id from import
    where round = $round and organisation = $organisation and instrument = $instrument and replaced_at is not null
)
