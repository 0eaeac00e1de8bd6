-- One row per assessment that counts in the benchmark of a closed round: its answers as two lists.
-- Caller: assessment.read_submitted
select assessment.id, benchmark_assessment.organisation, version, submitted_at,
    benchmark_assessment.nation, benchmark_assessment.region, benchmark_assessment.type,
    benchmark_assessment.population, benchmark_assessment.lon, benchmark_assessment.lat, items, codes
from benchmark_assessment
join assessment on assessment.id = assessment_id
join (
    select assessment_id, list(item order by item) as items, list(code order by item) as codes
    from standing_answer
    group by assessment_id
) as answers on answers.assessment_id = assessment.id
where benchmark_assessment.round = $round and benchmark_assessment.instrument = $instrument
order by benchmark_assessment.organisation
