-- One row per respondent of the assessments that count in a round (season) as it stands.
-- Caller: readiness.read_season_readiness
select partner_sheet.*
from partner_sheet
join standing_partner_assessment using (id)
where standing_partner_assessment.round = $round and standing_partner_assessment.instrument = $instrument
order by organisation, respondent
