-- Deletes the indexes of a round's benchmark, to be made anew.
-- Caller: benchmark.close_round
delete from benchmark_index where round = $round
