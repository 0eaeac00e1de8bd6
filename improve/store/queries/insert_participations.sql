-- Writes the participations of the table `touched`, their responses counted from the raw rows.
-- Caller: survey.write_responses
insert into participation
with source as (
    select import.id as import_id, import.round, import.organisation, import.instrument
    from import
    join touched using (round, organisation, instrument)
    where import.replaced_at is null
),
size as (
    select round, organisation, instrument, count(*) as responses
    from response
    join source using (import_id)
    group by all
)
select
    round, organisation, instrument, touched.version, touched.invited,
    coalesce(responses, 0), touched.opened_on, touched.closed_on
from touched
left join size using (round, organisation, instrument)
order by round, organisation, instrument
