-- One row: how many participations and assessments name an organisation, round or instrument not there.
-- Caller: check.check_store
select count(*)
from (
    select organisation, round, instrument, version from participation
    union all
    select organisation, round, instrument, version from assessment
) as part
where organisation not in (select code from organisation)
    or round is not null and round not in (select label from round)
    or (instrument, version) not in (select (id, version) from instrument)
