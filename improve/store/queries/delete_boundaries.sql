-- Takes out every outline, before those of another file come in.
-- Caller: boundary.write_boundaries
delete from boundary
