-- One row: the fewest organisations by which any one benchmark of a criterion would change.
-- Caller: benchmark._refuse_few_changes
-- 0 where none would. Groups are all, nation, region, type, size band ($bands) and those
-- that people built, as they would be and as they were.
with member_now as (
    select id as assessment_id, standing_assessment.organisation, instrument, nation, region, type,
        len(list_filter($bands::bigint[], begins -> begins <= population)) as size
    from standing_assessment
    join organisation on organisation.code = standing_assessment.organisation
    where round = $round
),
member_then as (
    select assessment_id, organisation, instrument, nation, region, type,
        len(list_filter($bands::bigint[], begins -> begins <= population)) as size
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
place_now as (select organisation, instrument, nation, region, type, size from member_now),
place_then as (select organisation, instrument, nation, region, type, size from member_then),
answered as (
    select organisation, instrument, item from (select * from answer_now except select * from answer_then)
    union
    select organisation, instrument, item from (select * from answer_then except select * from answer_now)
),
belonging as (
    select organisation, instrument, which,
        unnest(['all', 'nation:' || nation, 'region:' || region, 'type:' || type, 'size:' || size]) as cohort
    from (
        select *, 'now' as which from place_now
        union all
        select *, 'then' as which from place_then
    )
    union all
    select organisation, instrument, which, 'group:' || cohort_id
    from (
        select organisation, instrument, 'now' as which from place_now
        union all
        select organisation, instrument, 'then' as which from place_then
    )
    join cohort_member using (organisation)
),
-- Who came into a group, or left it, changes every criterion there.
moved as (
    select organisation, instrument, cohort from belonging group by all having count(*) = 1
),
changed as (
    select distinct cohort, organisation, instrument, item
    from answered
    join belonging using (organisation, instrument)
    union
    select cohort, organisation, instrument, item
    from answer_now
    join moved using (organisation, instrument)
),
-- Groups that had too few for a median were never looked at.
seen as (
    select instrument, cohort
    from belonging
    where which = 'then'
    group by all
    having count(*) >= $seen_from
)
select coalesce(min(organisations), 0)
from (
    select count(*) as organisations
    from changed
    join seen using (instrument, cohort)
    group by cohort, instrument, item
)
