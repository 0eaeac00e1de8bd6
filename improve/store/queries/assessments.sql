-- One row per assessment of an organisation with an instrument, oldest first.
-- Caller: assessment.read_assessments
select id, organisation, instrument, version, started_at, started_by, round, submitted_at, submitted_by
from assessment
where organisation = $organisation and instrument = $instrument
order by id
