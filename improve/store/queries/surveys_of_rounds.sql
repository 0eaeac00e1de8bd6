-- One row per round and instrument used in it, most used first.
-- Caller: survey.read_surveys
select round, instrument
from participation
group by round, instrument
order by round, count(*) desc, instrument
