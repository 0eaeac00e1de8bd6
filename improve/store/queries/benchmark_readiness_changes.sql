-- One row: the fewest organisations by which the benchmark of an area, or of the overall score, would change.
-- Caller: benchmark._refuse_few_changes
-- 0 where none would.
with now as (
    select organisation, instrument, area, score
    from standing_partner_assessment
    join readiness_score on assessment_id = id
    where round = $round
),
before as (
    select organisation, instrument, area, score
    from benchmark_readiness
    join readiness_score using (assessment_id)
    where round = $round
),
changed as (
    select organisation, instrument, area from (select * from now except select * from before)
    union
    select organisation, instrument, area from (select * from before except select * from now)
)
select coalesce(min(organisations), 0)
from (select count(distinct organisation) as organisations from changed group by instrument, area)
