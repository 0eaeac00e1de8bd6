-- Keeps the gaps of those that count, as they stand at closing.
-- Caller: benchmark.close_round
insert into benchmark_gap
select item_gap.*
from item_gap
join benchmark_member using (round, organisation, instrument)
where round = $round
order by instrument, organisation, item
