-- Starts an assessment; one row: its id. None where one is open already.
-- Caller: assessment.start_assessment
insert into assessment
select (select coalesce(max(id), 0) + 1 from assessment), $organisation, $instrument, $version, $now, $by,
    null, null, null
where not exists (
    select 1
    from assessment
    where organisation = $organisation and instrument = $instrument and submitted_at is null
)
returning id
