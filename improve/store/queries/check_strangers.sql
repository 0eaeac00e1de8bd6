-- One row: how many participations and assessments name an organisation, round or instrument not there.
-- Caller: check.check_store
select count(*)
from (
    select organisation, round, instrument, version from participation
    union all
    select organisation, round, instrument, version from assessment
    union all
    select organisation, round, instrument, version
    from partner_assessment
    join partnership_round using (partnership_id, number)
    union all
    select organisation, null, instrument, version
    from partnership_member
    join partnership_round on partnership_round.partnership_id = partnership_member.partnership_id and number = 1
) as part
where organisation not in (select code from organisation)
    or round is not null and round not in (select label from round)
    or (instrument, version) not in (select (id, version) from instrument)
