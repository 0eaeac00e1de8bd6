-- One row per item answered in an assessment: the answer that counts.
-- Caller: assessment.read_answers
select id, item, code, evidence, reason, answered_by, answered_at, poll_id
from standing_answer
where assessment_id = $assessment_id
order by item
