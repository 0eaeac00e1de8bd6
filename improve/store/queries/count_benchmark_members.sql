-- One row: how many organisations count in a round's benchmark.
-- Caller: benchmark.close_round
select count(distinct organisation) from benchmark_member where round = $round
