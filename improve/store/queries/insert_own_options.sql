-- Adds the rows of the table `incoming`.
-- Caller: survey.write_responses
insert into own_option by name select * from incoming
