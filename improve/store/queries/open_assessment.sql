-- One row where the assessment is this organisation's and not yet submitted.
-- Caller: assessment._open
select instrument, version
from assessment
where id = $assessment_id and organisation = $organisation and submitted_at is null
