-- Adds assessments that were answered elsewhere or earlier.
-- Caller: readiness.write_partnerships
insert into partner_assessment by name select * from incoming order by id
