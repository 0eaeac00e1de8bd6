-- One row per participation whose derived gaps differ from its raw answers, either way.
-- Caller: check.check_store
with measure_of as (
    select id, version,
        definition::json ->> '$.measures[0].id' as first_measure,
        definition::json ->> '$.measures[1].id' as second_measure
    from instrument
),
pair as (
    select import.round, import.organisation, import.instrument, import.version, first.item,
        first.code::bigint - second.code::bigint as gap
    from answer as first
    join import on import.id = first.import_id and import.replaced_at is null
    join measure_of on measure_of.id = import.instrument and measure_of.version = import.version
    join answer as second
        on second.import_id = first.import_id and second.response_id = first.response_id
        and second.item = first.item and second.measure = measure_of.second_measure
    where first.measure = measure_of.first_measure
),
one as (
    select round, organisation, instrument, version, item, count(*) as n, sum(gap) as total, sum(gap * gap) as squares
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
