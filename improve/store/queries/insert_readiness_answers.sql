-- Adds respondents' answers to the history.
-- Caller: readiness.answer_statements, readiness.write_partnerships
insert into readiness_answer by name select * from incoming order by id
