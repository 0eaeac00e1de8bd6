-- An organisation declines, or leaves, an open partnership; one row where it was asked or belonged to it.
-- Caller: partnership.leave_partnership, readiness.write_partnerships
update partnership_member
set left_at = $now
where partnership_id = $partnership_id and organisation = $organisation and left_at is null
    and exists (select 1 from partnership where id = $partnership_id and not is_confidential)
returning partnership_id
