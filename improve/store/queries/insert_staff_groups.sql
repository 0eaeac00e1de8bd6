-- Adds the rows of the table `incoming`.
-- Caller: fieldwork.write_staff
insert into staff_group by name select * from incoming
