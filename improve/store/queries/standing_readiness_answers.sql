-- One row per item that a respondent answered: the answer that counts.
-- Caller: readiness.answer_statements
select item, code, evidence, note
from standing_readiness_answer
where assessment_id = $assessment_id and respondent = $respondent
order by item
