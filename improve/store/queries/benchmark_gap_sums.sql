-- One row per organisation and item of a closed round's benchmark: n, sum and sum of squares of the gaps.
-- Caller: sums.benchmark_sums
select organisation, item, n, total, squares
from benchmark_gap
where round = $round and instrument = $instrument
