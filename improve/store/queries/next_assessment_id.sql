-- One row: the id of the next assessment.
-- Caller: assessment.write_assessments
select coalesce(max(id), 0) + 1 from assessment
