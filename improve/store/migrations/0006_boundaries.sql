-- The outlines of councils' areas, as an operator loaded them from one file; the map draws them.

create table boundary_file (
    file_name varchar not null,
    sha256 varchar not null,
    imported_at timestamp not null
);

-- One row per council that the file has: its area as the coordinates of a GeoJSON MultiPolygon.
create table boundary (organisation varchar primary key, outline varchar not null);
