-- An organisation that was asked agrees; one row where it was.
-- Caller: partnership.join_partnership, readiness.write_partnerships
update partnership_member
set joined_at = $now, joined_by = $by, admitted_at = if(as_candidate, null, $now::timestamp)
where partnership_id = $partnership_id and organisation = $organisation
    and joined_at is null and left_at is null
returning partnership_id
