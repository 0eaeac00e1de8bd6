-- One row per partnership, oldest first.
-- Caller: partnership.read_partnerships
select id, name, is_confidential, organisation, created_at, created_by from partnership order by id
