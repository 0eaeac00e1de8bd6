-- One row: how many participations name an organisation, round or instrument that is not there.
-- Caller: check.check_store
select count(*)
from participation
where organisation not in (select code from organisation)
    or round not in (select label from round)
    or (instrument, version) not in (select (id, version) from instrument)
