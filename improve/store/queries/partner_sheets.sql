-- One row per assessment and respondent of a round of a partnership.
-- Caller: readiness.read_partner_assessments
select *
from partner_sheet
where partnership_id = $partnership_id and number = $number
order by organisation, respondent
