-- One row per organisation, item and measure of a closed round's benchmark, with counts by code.
-- Caller: counts.benchmark_counts
select organisation, version, item, measure, asked, n, codes, counts
from benchmark_count
where round = $round and instrument = $instrument
