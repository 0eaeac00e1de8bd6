-- One row per organisation that has an open assessment with an instrument.
-- Caller: assessment.write_assessments
select organisation from assessment where instrument = $instrument and submitted_at is null
