-- Groups of organisations that people build, and what a cohort of a closed round depends on.

-- A group keeps its members for life, and is never taken out: figures of it may have been seen, and every
-- later group is checked against it. `organisation` is whose people built it ('' : a role without one).
create table cohort (
    id varchar primary key,
    name varchar not null,
    organisation varchar not null,
    created_at timestamp not null,
    deleted_at timestamp
);

create table cohort_member (cohort_id varchar not null, organisation varchar not null);

-- In which rounds an organisation's people have seen a group. It is a count of looks: nothing takes one back.
create table cohort_opening (
    round varchar not null,
    organisation varchar not null,
    cohort_id varchar not null,
    opened_at timestamp not null,
    primary key (round, organisation, cohort_id)
);

-- How often a round was closed: after the second time the neighbours of its organisations are other ones.
alter table round add column closings integer default 0;
update round set closings = 1 where closed_at is not null;

-- Size bands and neighbours follow the population and the place, which a newer register may change.
alter table benchmark_member add column population bigint default 0;
alter table benchmark_member add column lon double default 0;
alter table benchmark_member add column lat double default 0;
update benchmark_member set population = organisation.population, lon = organisation.lon, lat = organisation.lat
from organisation where organisation.code = benchmark_member.organisation;
alter table benchmark_assessment add column population bigint default 0;
alter table benchmark_assessment add column lon double default 0;
alter table benchmark_assessment add column lat double default 0;
update benchmark_assessment set population = organisation.population, lon = organisation.lon, lat = organisation.lat
from organisation where organisation.code = benchmark_assessment.organisation;
