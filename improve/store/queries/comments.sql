-- One row per comment of a round and instrument, with the person's headline answer, and whether it is late.
-- Caller: comment.read_comments
with source as (
    select id as import_id, organisation, coalesce(imported_at > closed_at, false) as is_late
    from import
    join round on round.label = import.round
    where import.round = $round and instrument = $instrument and replaced_at is null
),
overall as (
    select import_id, response_id, code
    from answer
    where item = $headline and import_id in (select import_id from source)
)
select import_id, response_id, item, organisation, text, code, is_late
from comment
join source using (import_id)
left join overall using (import_id, response_id)
order by import_id, response_id, item
