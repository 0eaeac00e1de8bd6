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
pair as (
    select import_id, first.item, first.code::integer - second.code::integer as gap
    from answer as first
    join source using (import_id)
    join answer as second using (import_id, response_id, item)
    where first.measure = source.first_measure and second.measure = source.second_measure
        and second.import_id in (select import_id from source)
),
summed as (
    select import_id, item, count(*) as n, sum(gap) as total, sum(gap * gap) as squares
    from pair
    group by all
)
select round, organisation, instrument, version, item, sum(n), sum(total), sum(squares)
from summed
join source using (import_id)
group by all
order by round, organisation, instrument, item
