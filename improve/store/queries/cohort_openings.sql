-- One row per group that an organisation's people have seen in a round.
-- Caller: cohort.read_openings, cohort._open
select round, organisation, cohort_id from cohort_opening order by round, organisation, opened_at, cohort_id
