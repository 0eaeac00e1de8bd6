-- A candidate becomes a partner; one row where it was one.
-- Caller: partnership.admit_candidate, readiness.write_partnerships
update partnership_member
set admitted_at = $now
where partnership_id = $partnership_id and organisation = $organisation
    and joined_at is not null and admitted_at is null and left_at is null
returning partnership_id
