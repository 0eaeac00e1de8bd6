-- Keeps the indexes of those that count, as they stand at closing.
-- Caller: benchmark.close_round
insert into benchmark_index
select index_count.*
from index_count
join benchmark_member using (round, organisation, instrument)
where round = $round
order by instrument, organisation, item, answered
