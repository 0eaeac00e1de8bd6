-- Puts in an outline for each council of the table `incoming`.
-- Caller: boundary.write_boundaries
insert into boundary by name select * from incoming
