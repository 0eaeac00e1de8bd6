-- Starts a round of a partnership.
-- Caller: partnership.create_partnership, partnership.start_partnership_round
insert into partnership_round values ($partnership_id, $number, $instrument, $version, $now, $by, null)
