-- 组织授权: organisations that roles can be held for, and where each serves; the context that owns organisations keeps
-- them. A role held for an organisation counts in every area that it serves.
CREATE TABLE granted_organisations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    area_code TEXT NOT NULL,
    ended_at INTEGER
);

CREATE TABLE organisation_areas (
    organisation_id BLOB NOT NULL REFERENCES granted_organisations (id),
    area_code TEXT NOT NULL,
    PRIMARY KEY (organisation_id, area_code)
);
CREATE INDEX organisation_areas_area ON organisation_areas (area_code);

ALTER TABLE role_grants ADD COLUMN organisation_id BLOB REFERENCES granted_organisations (id);
DROP INDEX role_grants_standing;
CREATE UNIQUE INDEX role_grants_standing ON role_grants (account_id, role, area_code)
    WHERE ended_at IS NULL AND organisation_id IS NULL;
CREATE UNIQUE INDEX role_grants_standing_for ON role_grants (account_id, role, organisation_id)
    WHERE ended_at IS NULL AND organisation_id IS NOT NULL;
CREATE INDEX role_grants_organisation ON role_grants (organisation_id, id);
