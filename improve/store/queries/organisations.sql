-- One row per organisation of the register, by code.
-- Caller: register.read_organisations
select code, name, official_name, welsh_name, type, nation, region, parent_county, lon, lat, population,
    former_codes, is_trial
from organisation
order by code
