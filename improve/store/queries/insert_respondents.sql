-- Adds those who answered them.
-- Caller: readiness.write_partnerships
insert into respondent by name select * from incoming order by assessment_id, respondent
