-- Somebody is to answer each of these sections.
-- Caller: assessment.write_assessments
insert into assessment_section by name select * from incoming
