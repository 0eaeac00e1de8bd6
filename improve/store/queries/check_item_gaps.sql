-- One row per participation whose derived gaps differ from its raw answers, either way.
-- Caller: check.check_store
with measure_of as (
    select id, version,
        definition::json ->> '$.measures[0].id' as first_measure,
        definition::json ->> '$.measures[1].id' as second_measure
    from instrument
),
standing as (
    select import.id, round, organisation, instrument, import.version, first_measure, second_measure
    from import
    join measure_of on measure_of.id = import.instrument and measure_of.version = import.version
    where replaced_at is null
),
second as (
    select import_id, response_id, item, code
    from answer
    join standing on standing.id = answer.import_id
    where measure = second_measure
),
pair as (
    select round, organisation, instrument, version, answer.item, answer.code::bigint - second.code::bigint as gap
    from answer
    join standing on standing.id = answer.import_id
    join second using (import_id, response_id, item)
    where measure = first_measure
),
one as (
    select round, organisation, instrument, version, item,
        count(*) as n, sum(gap) as total, sum(gap * gap) as squares
    from pair
    group by all
),
derived as (
    select round, organisation, instrument, version, item, n::bigint as n, total, squares from item_gap
),
different as (
    (select * from one except all select * from derived)
    union all
    (select * from derived except all select * from one)
)
select distinct round, organisation, instrument from different order by all
