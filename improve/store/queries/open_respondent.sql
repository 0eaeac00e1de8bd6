-- One row where somebody can answer: their link stands and their assessment is open.
-- Caller: readiness.answer_statements
select respondent
from respondent
where assessment_id = $assessment_id and respondent = $respondent and withdrawn_at is null
    and exists (select 1 from open_partner_assessment where id = $assessment_id)
