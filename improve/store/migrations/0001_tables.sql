-- The tables of a store. None of their columns is named after a question, so any instrument fits.

-- What this file is: its kind ("demonstration" or "real").
create table meta (name varchar primary key, value varchar not null);

-- One counter per topic ("register", "survey/2026"); it moves with every committed write.
create table revision (topic varchar primary key, number bigint not null);

-- The register that this store is matched against.
create table organisation (
    code varchar primary key,
    name varchar not null,
    official_name varchar not null,
    welsh_name varchar not null,
    type varchar not null,
    nation varchar not null,
    region varchar not null,
    parent_county varchar not null,
    lon double not null,
    lat double not null,
    population bigint not null,
    former_codes varchar[] not null,
    is_trial boolean not null
);

-- Each instrument version as it was first used: a changed text under an old version is refused.
create table instrument (
    id varchar not null,
    version varchar not null,
    sha256 varchar not null,
    definition varchar not null,
    first_used_at timestamp not null,
    primary key (id, version)
);

create table round (label varchar primary key, opened_at timestamp not null, closed_at timestamp);

-- One row per organisation, round and instrument it takes part with.
create table participation (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    invited bigint,
    responses bigint not null,
    opened_on date,
    closed_on date
);

-- One row per file taken in. `replaced_at` is set when a later import took its place.
create table import (
    id integer primary key,
    imported_at timestamp not null,
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    file_name varchar not null,
    sha256 varchar not null,
    mapping varchar not null,
    rows_read bigint not null,
    rows_accepted bigint not null,
    replaced_at timestamp
);

-- The (item, measure) pairs an import had a column for.
create table asked (import_id integer not null, item varchar not null, measure varchar not null);

-- One row per person.
create table response (
    id integer not null,
    import_id integer not null,
    source_row integer not null,
    answered_at timestamp
);

-- One row per response, item and measure, written import by import in the order item, measure,
-- response. Round and organisation stand in `import`: a run of equal numbers costs nothing on disk.
create table answer (
    import_id integer not null,
    item varchar not null,
    measure varchar not null,
    response_id integer not null,
    code utinyint,
    number double
);

-- One row per response and text question answered.
create table comment (
    import_id integer not null,
    item varchar not null,
    response_id integer not null,
    text varchar not null
);

-- An organisation's own answer list of an item (its directorates); a label keeps its code for ever.
create table own_option (
    organisation varchar not null,
    instrument varchar not null,
    item varchar not null,
    code utinyint not null,
    label varchar not null
);

-- Derived from the answers in the same transaction. `codes` (ascending) were answered by `counts`
-- people; `n` people answered at all, of the `asked`. Number questions have numbers for codes.
create table item_count (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    item varchar not null,
    measure varchar not null,
    asked uinteger not null,
    n uinteger not null,
    codes double[] not null,
    counts uinteger[] not null
);

-- Derived likewise: an aspect's first measure minus its second, of the people who gave both.
create table item_gap (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    item varchar not null,
    n uinteger not null,
    total bigint not null,
    squares bigint not null
);

-- The benchmark of a closed round, as it stood at closing: who counts in it, what they were then (a
-- register that is brought up to date must not move them from group to group), and their counts.
create table benchmark_member (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    invited bigint,
    responses bigint not null,
    nation varchar not null,
    region varchar not null,
    type varchar not null
);

create table benchmark_count (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    item varchar not null,
    measure varchar not null,
    asked uinteger not null,
    n uinteger not null,
    codes double[] not null,
    counts uinteger[] not null
);
