-- Who makes a partnership belongs to it.
-- Caller: partnership.create_partnership
insert into partnership_member values ($partnership_id, $organisation, false, $now, $by, $now, $by, $now, null)
