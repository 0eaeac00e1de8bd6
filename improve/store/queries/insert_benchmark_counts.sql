-- Keeps the counts of those that count, as they stand at closing.
-- Caller: benchmark.close_round
insert into benchmark_count
select item_count.*
from item_count
join benchmark_member using (round, organisation, instrument)
where round = $round
order by instrument, organisation, item, measure
