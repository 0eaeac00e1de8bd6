-- One row per respondent of an assessment.
-- Caller: readiness.read_partner_assessment, readiness.submit_partner_assessment
select * from partner_sheet where id = $assessment_id order by respondent
