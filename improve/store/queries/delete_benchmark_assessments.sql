-- No assessment counts in a round's benchmark.
-- Caller: benchmark.close_round
delete from benchmark_assessment where round = $round
