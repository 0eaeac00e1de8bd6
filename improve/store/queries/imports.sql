-- One row per import still standing, oldest first.
-- Caller: survey.read_imports
select id, imported_at, round, organisation, instrument, version, file_name, sha256, rows_read, rows_accepted
from import
where replaced_at is null
order by id
