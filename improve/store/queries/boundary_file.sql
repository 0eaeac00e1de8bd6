-- The one row of the file that the outlines came from, if any did.
-- Caller: boundary.read_boundaries
select file_name, sha256, imported_at from boundary_file
