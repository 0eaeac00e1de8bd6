-- Marks a group of an organisation deleted; one row with its id, none where it has no such group.
-- Caller: cohort.delete_group
update cohort set deleted_at = $now where id = $id and organisation = $organisation and deleted_at is null returning id
