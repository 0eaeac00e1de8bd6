-- One row: the fewest organisations by which a benchmark of assessments would change: of all, of a group.
-- Caller: benchmark._refuse_few_changes
-- 0 where none would. An organisation that only moved changes its groups, not the whole.
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
answer_now as (
    select organisation, instrument, item, code
    from member_now
    join standing_answer using (assessment_id)
),
answer_then as (
    select organisation, instrument, item, code
    from member_then
    join standing_answer using (assessment_id)
),
place_now as (select organisation, instrument, nation, region, type from member_now),
place_then as (select organisation, instrument, nation, region, type from member_then),
changed as (
    select organisation, instrument, item from (select * from answer_now except select * from answer_then)
    union
    select organisation, instrument, item from (select * from answer_then except select * from answer_now)
    union
    select organisation, instrument, '' from (select * from place_now except select * from place_then)
    union
    select organisation, instrument, '' from (select * from place_then except select * from place_now)
),
belonging as (
    select distinct organisation, instrument, which,
        unnest(['all', 'nation:' || nation, 'region:' || region, 'type:' || type]) as cohort
    from (
        select *, 'now' as which from place_now
        union all
        select *, 'then' as which from place_then
    )
),
-- Groups that had too few for a median were never looked at.
seen as (
    select instrument, cohort
    from belonging
    where which = 'then'
    group by all
    having count(*) >= $seen_from
),
per_benchmark as (
    select cohort, changed.instrument, item, count(distinct organisation) as organisations
    from changed
    join belonging using (organisation, instrument)
    join seen using (instrument, cohort)
    where cohort <> 'all' or item <> ''
    group by all
)
select
    coalesce(min(organisations) filter (where cohort = 'all'), 0),
    coalesce(min(organisations) filter (where cohort <> 'all'), 0)
from per_benchmark
