-- Asks somebody to answer for an organisation; one row: the assessment, and their number in it.
-- Caller: readiness.add_respondent
insert into respondent
select id, (select coalesce(max(respondent), 0) + 1 from respondent where assessment_id = id), $role, $label,
    $now, null
from open_partner_assessment
where partnership_id = $partnership_id and number = $number and organisation = $organisation
returning assessment_id, respondent
