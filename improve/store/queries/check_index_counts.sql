-- One row per participation whose derived indexes differ from its raw answers, either way.
-- Caller: check.check_store
with person as (
    select round, organisation, instrument, version, import_id, response_id,
        count(*) as answered, sum(answer.code)::bigint as points
    from answer
    join import on import.id = answer.import_id and replaced_at is null
    join skill_point using (instrument, version, item)
    where answer.code = skill_point.code
    group by all
),
one as (
    select round, organisation, instrument, version, 'skill' as item, answered,
        count(*) as n, sum(points) as total, sum(points * points) as squares
    from person
    group by all
),
derived as (
    select round, organisation, instrument, version, item, answered::bigint as answered, n::bigint as n,
        total, squares
    from index_count
),
different as (
    (select * from one except all select * from derived)
    union all
    (select * from derived except all select * from one)
)
select distinct round, organisation, instrument from different order by all
