-- 版本计数: how often anything in an area has changed that its overview can show, so that an unchanged overview is never
-- worked out again. Areas are those that cases count in: a compound, or what lies above compounds.
CREATE TABLE area_versions (
    area_code TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL
) WITHOUT ROWID;
