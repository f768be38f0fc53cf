DROP INDEX role_grants_organisation;
DROP INDEX role_grants_standing_for;
DROP INDEX role_grants_standing;
-- Roles held for organisations have no place in the older schema.
DELETE FROM role_grants WHERE organisation_id IS NOT NULL;
ALTER TABLE role_grants DROP COLUMN organisation_id;
CREATE UNIQUE INDEX role_grants_standing ON role_grants (account_id, role, area_code) WHERE ended_at IS NULL;
DROP TABLE organisation_areas;
DROP TABLE granted_organisations;
