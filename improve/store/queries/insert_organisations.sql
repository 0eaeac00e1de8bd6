-- Adds or renews the organisations of the table `incoming`; one that left the register stays, for its history.
-- Caller: register.write_organisations
insert or replace into organisation by name select * from incoming
