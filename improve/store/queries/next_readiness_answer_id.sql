-- One row: the id of the next answer of a respondent.
-- Caller: readiness.answer_statements, readiness.write_partnerships
select coalesce(max(id), 0) + 1 from readiness_answer
