-- Writes the participations of the table `touched`, their responses counted from the raw rows.
-- Caller: survey.write_responses
insert into participation
select
    touched.round, touched.organisation, touched.instrument, touched.version, touched.invited,
    count(response.id), touched.opened_on, touched.closed_on
from touched
join import using (round, organisation, instrument)
left join response on response.import_id = import.id
where import.replaced_at is null
group by all
