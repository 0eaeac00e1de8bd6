-- Starts a round of a partnership.
-- Caller: partnership.create_partnership, partnership.start_partnership_round, readiness.write_partnerships
insert into partnership_round values ($partnership_id, $number, $instrument, $version, $now, $by, null)
