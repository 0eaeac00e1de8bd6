-- One row: how many raw rows belong to nothing: their response, import, assessment or poll is missing.
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
    + (select count(*) from poll anti join assessment on poll.assessment_id = assessment.id)
    + (select count(*) from poll_answer anti join poll_voter using (poll_id, voter))
    + (select count(*) from benchmark_assessment anti join assessment
        on benchmark_assessment.assessment_id = assessment.id)
