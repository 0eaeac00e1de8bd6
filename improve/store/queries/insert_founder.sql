-- Who makes a partnership belongs to it.
-- Caller: partnership.create_partnership, readiness.write_partnerships
insert into partnership_member values ($partnership_id, $organisation, false, $now, $by, $now, $by, $now, null)
