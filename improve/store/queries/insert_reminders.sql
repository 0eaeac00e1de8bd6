-- Adds the rows of the table `incoming`.
-- Caller: survey.write_responses
insert into reminder by name select * from incoming
