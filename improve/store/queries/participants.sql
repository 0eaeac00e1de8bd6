-- One row per organisation that takes part in any round.
-- Caller: survey.read_participants
select organisation from participation
union
select organisation from assessment where submitted_at is not null
union
select organisation from standing_partner_assessment
order by organisation
