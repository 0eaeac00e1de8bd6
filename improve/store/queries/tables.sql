-- One row per table of the store.
-- Caller: door.open_store
select table_name from information_schema.tables
where table_catalog = current_database() and table_schema = 'main'
