-- Sums first measure minus second, of those who gave both, for the participations in `touched`.
-- Caller: survey.write_responses
insert into item_gap
with source as (
    select import.id as import_id, import.round, import.organisation, import.instrument, import.version,
        touched.first_measure, touched.second_measure
    from import
    join touched using (round, organisation, instrument)
    where import.replaced_at is null and touched.second_measure is not null
),
first as (
    select import_id, response_id, item, code::integer as code
    from answer
    join source using (import_id)
    where measure = first_measure
),
second as (
    select import_id, response_id, item, code::integer as code
    from answer
    join source using (import_id)
    where measure = second_measure
),
summed as (
    select import_id, item, count(*) as n,
        sum(first.code - second.code) as total, sum((first.code - second.code) * (first.code - second.code)) as squares
    from first
    join second using (import_id, response_id, item)
    group by all
)
select round, organisation, instrument, version, item, sum(n), sum(total), sum(squares)
from summed
join source using (import_id)
group by all
order by round, organisation, instrument, item
