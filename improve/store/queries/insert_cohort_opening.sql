-- Notes that an organisation's people see a group in a round.
-- Caller: cohort._open
insert into cohort_opening values ($round, $organisation, $cohort_id, $now) on conflict do nothing
