-- One row: how many raw rows belong to nothing: what they stand on is missing.
-- Caller: check.check_store
with standing as (select id from import where replaced_at is null)
select
    (select count(*) from answer anti join response
        on answer.import_id = response.import_id and answer.response_id = response.id)
    + (select count(*) from comment anti join response
        on comment.import_id = response.import_id and comment.response_id = response.id)
    + (select count(*) from response anti join standing on response.import_id = standing.id)
    + (select count(*) from approved_comment anti join comment
        using (import_id, response_id, item))
    + (select count(*) from asked anti join standing on asked.import_id = standing.id)
    + (select count(*) from assessment_answer anti join assessment
        on assessment_answer.assessment_id = assessment.id)
    + (select count(*) from assessment_section anti join assessment
        on assessment_section.assessment_id = assessment.id)
    + (select count(*) from assessment_answer anti join poll on poll.id = poll_id where poll_id is not null)
    + (select count(*) from poll anti join assessment on poll.assessment_id = assessment.id)
    + (select count(*) from poll_voter anti join poll on poll.id = poll_voter.poll_id)
    + (select count(*) from poll_answer anti join poll_voter using (poll_id, voter))
    + (select count(*) from benchmark_assessment anti join assessment
        on benchmark_assessment.assessment_id = assessment.id)
    + (select count(*) from partnership anti join partnership_round on partnership.id = partnership_id)
    + (select count(*) from partnership anti join partnership_member on partnership.id = partnership_id)
    + (select count(*) from partnership_member anti join partnership
        on partnership_member.partnership_id = partnership.id)
    + (select count(*) from partnership_round anti join partnership
        on partnership_round.partnership_id = partnership.id)
    + (select count(*) from partner_assessment anti join partnership_round using (partnership_id, number))
    + (select count(*) from partner_assessment anti join partnership_member using (partnership_id, organisation))
    + (select count(*) from respondent anti join partner_assessment
        on respondent.assessment_id = partner_assessment.id)
    + (select count(*) from readiness_answer anti join respondent using (assessment_id, respondent))
    + (select count(*) from benchmark_readiness anti join partner_assessment
        on benchmark_readiness.assessment_id = partner_assessment.id)
