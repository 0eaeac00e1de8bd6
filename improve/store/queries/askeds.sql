-- One row per standing import of a participation and pair it asked for, in the order they were taken in.
-- Caller: breakdown, replacement
-- An import that asked for nothing has one row without a pair.
with source as (
    select id, version, rows_accepted
    from import
    where round = $round and organisation = $organisation and instrument = $instrument and replaced_at is null
),
pair as (
    select import_id, item, measure
    from asked
    where import_id in (select id from source)
)
select id, version, rows_accepted, item, measure
from source
left join pair on pair.import_id = source.id
order by id, item, measure
