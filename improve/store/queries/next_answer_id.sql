-- One row: the id of the next answer.
-- Caller: assessment.write_answers
select coalesce(max(id), 0) + 1 from assessment_answer
