CREATE TABLE rollups_by_metric (
    metric TEXT NOT NULL,
    area_code TEXT NOT NULL,
    day DATE NOT NULL,
    dimension TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (metric, area_code, day, dimension)
) WITHOUT ROWID;
INSERT INTO rollups_by_metric (metric, area_code, day, dimension, n)
SELECT metric, area_code, day, dimension, n FROM rollups ORDER BY metric, area_code, day, dimension;
DROP TABLE rollups;
ALTER TABLE rollups_by_metric RENAME TO rollups;
