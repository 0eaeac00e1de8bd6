-- Makes a partnership; one row: its id.
-- Caller: partnership.create_partnership, readiness.write_partnerships
insert into partnership
select (select coalesce(max(id), 0) + 1 from partnership), $name, $is_confidential, $organisation, $now, $by
returning id
