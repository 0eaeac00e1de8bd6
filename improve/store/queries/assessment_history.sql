-- One row per answer ever given to an item of an assessment, newest first.
-- Caller: assessment.read_history
select id, item, code, evidence, reason, answered_by, answered_at, poll_id
from assessment_answer
where assessment_id = $assessment_id and item = $item
order by id desc
