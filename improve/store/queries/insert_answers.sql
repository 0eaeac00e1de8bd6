-- Adds the rows of the table `incoming`.
-- Caller: survey.write_responses
insert into answer by name select * from incoming
