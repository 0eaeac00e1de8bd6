-- Starts an organisation's assessment in the open round of a partnership that it belongs to.
-- Caller: readiness.add_respondent
-- Does nothing where there is one.
insert into partner_assessment
select (select coalesce(max(id), 0) + 1 from partner_assessment), partnership_id, number, $organisation, $now,
    null, null, null
from partnership_round
where partnership_id = $partnership_id and number = $number and closed_at is null
    and exists (
        select 1
        from partnership_member
        where partnership_id = $partnership_id and organisation = $organisation
            and joined_at is not null and left_at is null
    )
    and not exists (
        select 1
        from partner_assessment
        where partnership_id = $partnership_id and number = $number and organisation = $organisation
    )
