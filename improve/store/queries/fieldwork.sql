-- At most one row: how many were invited, and answered, in a participation; its days and its reminders.
-- Caller: fieldwork.read_fieldwork
select invited, responses, opened_on, closed_on, (
    select coalesce(list(sent_on order by sent_on), [])
    from reminder
    where round = $round and organisation = $organisation and instrument = $instrument
) as reminders
from participation
where round = $round and organisation = $organisation and instrument = $instrument
