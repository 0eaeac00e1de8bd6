-- Nobody in particular answers a section any more.
-- Caller: assessment.assign_section
delete from assessment_section where assessment_id = $assessment_id and section = $section
