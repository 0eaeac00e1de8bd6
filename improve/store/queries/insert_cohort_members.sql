-- The members of a group.
-- Caller: cohort.save_group
insert into cohort_member select $id, unnest($members::varchar[])
