-- One row per round (season) and instrument of which an open assessment of readiness was completed.
-- Caller: readiness.read_readiness_rounds
select distinct round, instrument from standing_partner_assessment order by round, instrument
