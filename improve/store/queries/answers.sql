-- One row per answer of a participation, of its standing imports.
-- Caller: breakdown, replacement
select import_id, response_id, item, measure, code, number
from answer
where import_id in (
    select id from import
    where round = $round and organisation = $organisation and instrument = $instrument and replaced_at is null
)
