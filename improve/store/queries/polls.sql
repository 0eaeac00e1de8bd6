-- One row per poll of an assessment, oldest first.
-- Caller: poll.read_polls
select id, assessment_id, section, turn, started_at, started_by, closed_at, settled_at
from poll
where assessment_id = $assessment_id
order by id
