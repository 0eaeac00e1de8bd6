-- One row per council that has an outline.
-- Caller: boundary.read_boundaries
select organisation, outline from boundary order by organisation
