-- Deletes the gaps of a round's benchmark, to be made anew.
-- Caller: benchmark.close_round
delete from benchmark_gap where round = $round
