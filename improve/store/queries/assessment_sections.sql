-- One row per section of an assessment that somebody is to answer.
-- Caller: assessment.read_sections
select section, assigned_to from assessment_section where assessment_id = $assessment_id order by section
