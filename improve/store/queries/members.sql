-- One row per organisation taking part in a round with an instrument, and what it is now.
-- Caller: counts.round_counts, sums.round_sums
select participation.organisation, version, invited, responses,
    coalesce(nation, ''), coalesce(region, ''), coalesce(type, ''),
    coalesce(population, 0), coalesce(lon, 0), coalesce(lat, 0)
from participation
left join organisation on organisation.code = participation.organisation
where round = $round and instrument = $instrument
order by participation.organisation
