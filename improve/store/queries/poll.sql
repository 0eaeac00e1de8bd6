-- One row: a poll and the assessment it belongs to.
-- Caller: poll.read_poll
select poll.id, assessment_id, section, turn, poll.started_at, poll.started_by, closed_at, settled_at,
    organisation, instrument, version, submitted_at
from poll
join assessment on assessment.id = assessment_id
where poll.id = $poll_id
