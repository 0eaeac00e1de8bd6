-- One row per label of an organisation's own answer lists for an instrument.
-- Caller: survey, breakdown, replacement
select item, code, label from own_option
where organisation = $organisation and instrument = $instrument
order by item, code
