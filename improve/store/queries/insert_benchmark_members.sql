-- Writes down who counts in the benchmark of a round: every participation as it stands at closing.
-- Caller: benchmark.close_round
insert into benchmark_member
select round, organisation, instrument, version, invited, responses
from participation
where round = $round and responses > 0
order by instrument, organisation
