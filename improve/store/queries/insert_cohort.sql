-- Saves a group.
-- Caller: cohort.save_group
insert into cohort values ($id, $name, $organisation, $now, null)
