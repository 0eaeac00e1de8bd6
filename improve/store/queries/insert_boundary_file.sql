-- Notes the file that the outlines came from.
-- Caller: boundary.write_boundaries
insert into boundary_file values ($file_name, $sha256, $now)
