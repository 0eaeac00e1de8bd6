-- Writes down who counts in the benchmark of a round: every participation as it stands at closing.
-- Caller: benchmark.close_round
insert into benchmark_member
select round, organisation, instrument, version, invited, responses,
    coalesce(nation, ''), coalesce(region, ''), coalesce(type, ''),
    coalesce(population, 0), coalesce(lon, 0), coalesce(lat, 0)
from participation
left join organisation on organisation.code = participation.organisation
where round = $round and responses > 0
order by instrument, organisation
