-- One row per respondent of the assessments that count in the benchmark of a closed round (season).
-- Caller: readiness.read_season_readiness
select partner_sheet.*
from partner_sheet
join benchmark_readiness on assessment_id = id
where benchmark_readiness.round = $round and benchmark_readiness.instrument = $instrument
order by partner_sheet.organisation, respondent
