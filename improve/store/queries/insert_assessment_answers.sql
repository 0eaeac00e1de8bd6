-- Adds answers to the history.
-- Caller: assessment.write_answers, assessment.write_assessments
insert into assessment_answer by name select * from incoming order by id
