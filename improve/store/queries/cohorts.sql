-- One row per group that people built, oldest first, deleted ones too, with its members as a list.
-- Caller: cohort.read_groups
select id, name, cohort.organisation, created_at, deleted_at, list(cohort_member.organisation order by cohort_member.organisation)
from cohort
join cohort_member on cohort_id = id
group by all
order by created_at, id
