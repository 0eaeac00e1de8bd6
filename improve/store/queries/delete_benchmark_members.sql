-- Deletes the benchmark of a round, to be made anew.
-- Caller: benchmark.close_round
delete from benchmark_member where round = $round
