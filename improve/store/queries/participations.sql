-- One row per organisation taking part in a round with an instrument.
-- Caller: survey.read_participations
select organisation, version, invited, responses
from participation
where round = $round and instrument = $instrument
order by organisation
