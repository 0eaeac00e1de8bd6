-- One row per organisation that counts in a closed round's benchmark.
-- Caller: counts.benchmark_counts
select organisation, version, invited, responses
from benchmark_member
where round = $round and instrument = $instrument
order by organisation
