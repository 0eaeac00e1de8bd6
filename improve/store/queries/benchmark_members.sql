-- One row per organisation that counts in a closed round's benchmark, and what it was at closing.
-- Caller: counts.benchmark_counts, sums.benchmark_sums
select organisation, version, invited, responses, nation, region, type, population, lon, lat
from benchmark_member
where round = $round and instrument = $instrument
order by organisation
