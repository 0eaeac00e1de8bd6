-- One row per day on which people of an organisation answered, and how many did; oldest first.
-- Caller: fieldwork.read_arrivals
select answered_at::date as day, count(*) as responses
from response
where answered_at is not null and import_id in (
    select id from import
    where round = $round and organisation = $organisation and instrument = $instrument and replaced_at is null
)
group by day
order by day
