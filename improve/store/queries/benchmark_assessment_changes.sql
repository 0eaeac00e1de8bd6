-- One row: the fewest organisations by which any one benchmark of an assessment's item would change.
-- Caller: benchmark.close_round
-- 0 where none would. Groups are all, nation, region and type, as they would be and as they were.
with member_now as (
    select id as assessment_id, standing_assessment.organisation, instrument, nation, region, type
    from standing_assessment
    join organisation on organisation.code = standing_assessment.organisation
    where round = $round
),
member_then as (
    select assessment_id, organisation, instrument, nation, region, type
    from benchmark_assessment
    where round = $round
),
now as (
    select organisation, instrument, nation, region, type, item, code
    from member_now
    join standing_answer using (assessment_id)
),
before as (
    select organisation, instrument, nation, region, type, item, code
    from member_then
    join standing_answer using (assessment_id)
),
changed as (
    select organisation, instrument, item from (select * from now except select * from before)
    union
    select organisation, instrument, item from (select * from before except select * from now)
),
belonging as (
    select distinct organisation, instrument, which,
        unnest(['all', 'nation:' || nation, 'region:' || region, 'type:' || type]) as cohort
    from (
        select organisation, instrument, nation, region, type, 'now' as which from member_now
        union all
        select organisation, instrument, nation, region, type, 'then' as which from member_then
    )
),
-- Groups too small for a median, before and after, give nothing away; the whole round is never let off.
seen as (
    select distinct instrument, cohort
    from (select instrument, cohort, which, count(*) as n from belonging group by all)
    where n >= $seen_from or cohort = 'all'
),
per_benchmark as (
    select cohort, changed.instrument, item, count(distinct organisation) as organisations
    from changed
    join belonging using (organisation, instrument)
    join seen using (instrument, cohort)
    group by all
)
select coalesce(min(organisations), 0) from per_benchmark
