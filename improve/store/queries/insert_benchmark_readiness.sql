-- Writes down which assessments of readiness count in the benchmark of a round: those that stand at closing.
-- Caller: benchmark.close_round
insert into benchmark_readiness
select round, instrument, organisation, id
from standing_partner_assessment
where round = $round
order by instrument, organisation
