-- One row where the assessment is this organisation's and not yet submitted.
-- Caller: assessment._refuse_frozen, poll.start_poll
select instrument, version
from assessment
where id = $assessment_id and organisation = $organisation and submitted_at is null
