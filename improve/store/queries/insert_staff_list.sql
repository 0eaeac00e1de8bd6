-- Notes where an organisation's staff list of a round came from.
-- Caller: fieldwork.write_staff
insert into staff_list values ($round, $organisation, $file_name, $sha256, $now)
