-- Completes an assessment that is open; one row where it was. A confidential one gets no round (season).
-- Caller: readiness.submit_partner_assessment
update partner_assessment
set submitted_at = $now, submitted_by = $by,
    round = (select if(is_confidential, null, $round::varchar) from partnership where id = partnership_id)
where id = $assessment_id and exists (select 1 from open_partner_assessment where id = $assessment_id)
returning round
