-- Invites an organisation to an open partnership; one row where it neither belongs to it nor is asked already.
-- Caller: partnership.invite_member, readiness.write_partnerships
insert into partnership_member
select id, $organisation, $as_candidate, $now, $by, null, null, null, null
from partnership
where id = $partnership_id and not is_confidential
    and not exists (
        select 1
        from partnership_member
        where partnership_id = $partnership_id and organisation = $organisation and left_at is null
    )
returning partnership_id
