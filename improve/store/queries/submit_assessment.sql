-- Freezes an assessment and puts it into a round.
-- Caller: assessment.submit_assessment
update assessment
set round = $round, submitted_at = $now, submitted_by = $by
where id = $assessment_id
