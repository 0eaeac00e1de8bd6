-- One row per organisation that counts in a closed round's benchmark.
-- Caller: counts.round_counts, benchmark.close_round
select organisation, version, invited, responses
from benchmark_member
where round = $round and instrument = $instrument
order by organisation
