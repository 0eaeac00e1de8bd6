-- One row per item that somebody answered who can answer now, or one without an item; none where they cannot.
-- Caller: readiness.answer_statements
select item, code, evidence, note
from respondent
left join standing_readiness_answer using (assessment_id, respondent)
where assessment_id = $assessment_id and respondent = $respondent and withdrawn_at is null
    and exists (select 1 from open_partner_assessment where id = $assessment_id)
order by item
