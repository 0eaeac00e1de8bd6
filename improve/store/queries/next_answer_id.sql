-- One row: the id of the next answer.
-- Caller: assessment.write_answers, assessment.write_assessments
select coalesce(max(id), 0) + 1 from assessment_answer
