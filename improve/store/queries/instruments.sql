-- One row per instrument version in use.
-- Caller: survey
select id, version, sha256, definition from instrument order by id, version
