-- Sums people's points, by how many items they answered, for the participations in `touched`.
-- Caller: survey.write_responses
insert into index_count
with source as (
    select import.id as import_id, import.round, import.organisation, import.instrument, import.version
    from import
    join touched using (round, organisation, instrument)
    where import.replaced_at is null
),
point as (
    select import_id, item, code
    from source
    join skill_point using (instrument, version)
),
person as (
    select import_id, response_id, count(*) as answered, sum(code)::bigint as points
    from answer
    join point using (import_id, item, code)
    group by all
)
select round, organisation, instrument, version, 'skill', answered, count(*), sum(points), sum(points * points)
from person
join source using (import_id)
group by all
order by round, organisation, instrument, answered
