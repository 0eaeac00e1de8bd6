-- One row per round and instrument of which an assessment was submitted.
-- Caller: assessment.read_assessed_rounds
select distinct round, instrument from assessment where round is not null order by round, instrument
