-- What Response, Trend, Skills and Comments stand on, and gaps and indexes frozen at closing.

-- The days on which people were reminded of a survey.
create table reminder (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    sent_on date not null
);

-- An organisation's staff list of a round: where it came from, and how many people it counts in each
-- group of a profile question. One question at a time: no two are ever crossed. A label is the
-- survey's where it matches one of its options; `place` is its place in the file.
create table staff_list (
    round varchar not null,
    organisation varchar not null,
    file_name varchar not null,
    sha256 varchar not null,
    imported_at timestamp not null
);
create table staff_group (
    round varchar not null,
    organisation varchar not null,
    item varchar not null,
    place integer not null,
    label varchar not null,
    people bigint not null
);

-- What an organisation decided to do, about which aspect ('': the service as a whole), when it was or
-- will be done, and by whom. `closed_on` is set when there is nothing left to watch.
create table action (
    id integer primary key,
    organisation varchar not null,
    aspect varchar not null,
    what varchar not null,
    done_on date not null,
    done_by varchar not null,
    added_at timestamp not null,
    changed_at timestamp not null,
    closed_on date
);

-- Comments that a facilitator approved for the big screen.
create table approved_comment (
    import_id integer not null,
    item varchar not null,
    response_id integer not null,
    approved_at timestamp not null
);

-- Derived like item_count: a person's index is the mean of the items of a role that they answered
-- (skills: 0 to 4 points). Of those who answered `answered` of them: how many people, the sum of their
-- points, and of its squares.
create table index_count (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    item varchar not null,
    answered uinteger not null,
    n uinteger not null,
    total bigint not null,
    squares bigint not null
);

-- Gaps and indexes of a closed round's benchmark, as they stood at closing.
create table benchmark_gap (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    item varchar not null,
    n uinteger not null,
    total bigint not null,
    squares bigint not null
);
create table benchmark_index (
    round varchar not null,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    item varchar not null,
    answered uinteger not null,
    n uinteger not null,
    total bigint not null,
    squares bigint not null
);

-- The questions of every instrument version in use, read from what is kept of it.
create view question as
select instrument, version, found ->> '$.id' as item, found ->> '$.kind' as kind, found ->> '$.role' as role,
    found ->> '$.options' as options
from (select id as instrument, version, unnest(definition::json -> '$.*[*]') as found from instrument)
where kind is not null;

-- What counts towards a skill index: single answers to questions of that role, but for options that
-- do not count. The code is the points.
create view skill_point as
select instrument, version, item, (option ->> '$.code')::utinyint as code
from (
    select instrument, version, item, unnest(options::json -> '$[*]') as option
    from question
    where role = 'skill' and kind = 'single'
)
where coalesce((option ->> '$.counts')::boolean, true);

-- For stores of version 1: indexes of the answers that are there, and gaps and indexes of closed rounds
-- where the counts behind them are still those of the closing. What came in later must not enter.
insert into index_count
with person as (
    select import_id, round, organisation, instrument, version, response_id,
        count(*) as answered, sum(answer.code)::bigint as points
    from answer
    join import on import.id = answer.import_id and replaced_at is null
    join skill_point using (instrument, version, item)
    where answer.code = skill_point.code
    group by all
)
select round, organisation, instrument, version, 'skill', answered, count(*), sum(points), sum(points * points)
from person
group by all
order by round, organisation, instrument, answered;

create temp table moved as
select distinct round, organisation, instrument, item
from (
    (select * from item_count except select * from benchmark_count)
    union all
    (select * from benchmark_count except select * from item_count)
);
insert into benchmark_gap
select item_gap.*
from item_gap
join benchmark_member using (round, organisation, instrument, version)
anti join moved using (round, organisation, instrument, item)
order by round, instrument, organisation, item;
insert into benchmark_index
select index_count.*
from index_count
join benchmark_member using (round, organisation, instrument, version)
anti join (
    select round, organisation, instrument
    from moved
    join question using (instrument, item)
    where role = 'skill'
) as changed using (round, organisation, instrument)
order by round, instrument, organisation, answered;
drop table moved;
