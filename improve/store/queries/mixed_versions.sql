-- One row per participation whose standing imports answer several versions of its instrument.
-- Caller: survey.write_responses
select round, organisation, instrument, list(distinct version order by version) as versions
from import
where replaced_at is null
group by all
having count(distinct version) > 1
