-- Forgets the file that the outlines came from.
-- Caller: boundary.write_boundaries
delete from boundary_file
