-- Takes a respondent's link back while their assessment is open; one row where there was one.
-- Caller: readiness.withdraw_respondent
update respondent
set withdrawn_at = $now
where assessment_id = $assessment_id and respondent = $respondent and withdrawn_at is null
    and exists (select 1 from open_partner_assessment where id = $assessment_id)
returning respondent
