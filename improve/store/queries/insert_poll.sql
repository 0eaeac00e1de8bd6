-- Starts a poll; one row: its id. None where the section has one that is not settled.
-- Caller: poll.start_poll
insert into poll
select (select coalesce(max(id), 0) + 1 from poll), $assessment_id, $section, 1, $now, $by, null, null
where not exists (
    select 1 from poll where assessment_id = $assessment_id and section = $section and settled_at is null
)
returning id
