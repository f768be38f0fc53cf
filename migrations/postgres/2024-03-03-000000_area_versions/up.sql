-- 版本计数: how often anything in an area has changed that its overview can show, so that an unchanged overview is never
-- worked out again. Areas are those that cases count in: a compound, or what lies above compounds.
-- Every change of an area changes its row in place: with room on the page no index has to follow.
CREATE TABLE area_versions (
    area_code TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL
) WITH (fillfactor = 50);
