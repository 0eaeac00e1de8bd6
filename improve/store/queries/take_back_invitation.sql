-- An open invitation is taken back; one row where it had not been answered.
-- Caller: partnership.take_back_invitation
update partnership_member
set left_at = $now
where partnership_id = $partnership_id and organisation = $organisation and left_at is null and joined_at is null
returning partnership_id
