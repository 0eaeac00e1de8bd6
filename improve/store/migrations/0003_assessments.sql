-- What digital maturity stands on: answers with their history, private polls, submitted versions.

-- One organisation's answers to an instrument. It is open until it is submitted, and from then on for
-- ever as it is: what is answered later belongs to the next one. `round` is the season it was submitted in.
create table assessment (
    id integer primary key,
    organisation varchar not null,
    instrument varchar not null,
    version varchar not null,
    started_at timestamp not null,
    started_by varchar not null,
    round varchar,
    submitted_at timestamp,
    submitted_by varchar
);

-- Append-only: who answered what, and when. Of an item the highest id counts. `reason` says why an item
-- does not apply; `poll_id` is set where colleagues agreed on the answer after a poll.
create table assessment_answer (
    id bigint not null,
    assessment_id integer not null,
    item varchar not null,
    code utinyint not null,
    evidence varchar not null,
    reason varchar not null,
    answered_by varchar not null,
    answered_at timestamp not null,
    poll_id integer
);

-- Who is to answer a section (a function) of an assessment.
create table assessment_section (
    assessment_id integer not null,
    section varchar not null,
    assigned_to varchar not null,
    assigned_by varchar not null,
    assigned_at timestamp not null
);

-- Colleagues answer one section privately, once or (after talking about it) a second time: `turn`. Nothing
-- is shown while `closed_at` is null. `settled_at` is set when the answers are agreed, or the poll is given
-- up. Whose invitation was `withdrawn_in` a turn has no answers from that turn on: one that was closed
-- before stays as it was shown.
create table poll (
    id integer primary key,
    assessment_id integer not null,
    section varchar not null,
    turn integer not null,
    started_at timestamp not null,
    started_by varchar not null,
    closed_at timestamp,
    settled_at timestamp
);
create table poll_voter (
    poll_id integer not null,
    voter integer not null,
    name varchar not null,
    invited_at timestamp not null,
    withdrawn_in integer
);
create table poll_answer (
    poll_id integer not null,
    turn integer not null,
    voter integer not null,
    item varchar not null,
    code utinyint not null,
    answered_at timestamp not null
);

-- Which assessments count in the benchmark of a closed round, and what their organisations were then.
create table benchmark_assessment (
    round varchar not null,
    instrument varchar not null,
    organisation varchar not null,
    assessment_id integer not null,
    nation varchar not null,
    region varchar not null,
    type varchar not null
);

-- The assessment that counts for an organisation in a round: the one submitted last.
create view standing_assessment as
select *
from assessment
where submitted_at is not null
qualify row_number() over (
    partition by round, instrument, organisation order by submitted_at desc, id desc
) = 1;

-- The answer that counts for an item.
create view standing_answer as
select *
from assessment_answer
qualify row_number() over (partition by assessment_id, item order by id desc) = 1;
