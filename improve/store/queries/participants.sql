-- One row per organisation that takes part in any round.
-- Caller: survey.read_participants
select distinct organisation from participation order by organisation
