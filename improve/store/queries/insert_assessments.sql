-- Adds assessments that were answered elsewhere or earlier.
-- Caller: assessment.write_assessments
insert into assessment by name select * from incoming order by id
