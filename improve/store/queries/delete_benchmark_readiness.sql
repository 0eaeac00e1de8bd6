-- Forgets which assessments of readiness counted in the benchmark of a round (season).
-- Caller: benchmark.close_round
delete from benchmark_readiness where round = $round
