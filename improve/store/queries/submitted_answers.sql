-- One row per assessment that counts in a round as it stands: its answers as two lists.
-- Caller: assessment.read_submitted
select id, standing_assessment.organisation, standing_assessment.version, submitted_at,
    coalesce(nation, ''), coalesce(region, ''), coalesce(type, ''),
    coalesce(population, 0), coalesce(lon, 0), coalesce(lat, 0),
    items, codes
from standing_assessment
join (
    select assessment_id, list(item order by item) as items, list(code order by item) as codes
    from standing_answer
    group by assessment_id
) as answers on answers.assessment_id = standing_assessment.id
left join organisation on organisation.code = standing_assessment.organisation
where round = $round and instrument = $instrument
order by standing_assessment.organisation
