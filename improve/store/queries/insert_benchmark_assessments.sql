-- Writes down which assessments count in the benchmark of a round: those that stand at closing.
-- Caller: benchmark.close_round
insert into benchmark_assessment
select round, instrument, standing_assessment.organisation, id,
    coalesce(nation, ''), coalesce(region, ''), coalesce(type, ''),
    coalesce(population, 0), coalesce(lon, 0), coalesce(lat, 0)
from standing_assessment
left join organisation on organisation.code = standing_assessment.organisation
where round = $round
order by instrument, standing_assessment.organisation
