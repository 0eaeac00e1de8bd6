-- Somebody is to answer a section.
-- Caller: assessment.assign_section
insert into assessment_section values ($assessment_id, $section, $assigned_to, $by, $now)
