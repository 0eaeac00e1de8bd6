-- Adds respondents' answers to the history.
-- Caller: readiness.answer_statements
insert into readiness_answer by name select * from incoming order by id
