-- The day first: what is counted today lies together, and a period of an area is as many ranges as it has days and metrics.
CREATE TABLE rollups_by_day (
    metric TEXT NOT NULL,
    area_code TEXT NOT NULL,
    day DATE NOT NULL,
    dimension TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, metric, area_code, dimension)
) WITHOUT ROWID;
INSERT INTO rollups_by_day (metric, area_code, day, dimension, n)
SELECT metric, area_code, day, dimension, n FROM rollups ORDER BY day, metric, area_code, dimension;
DROP TABLE rollups;
ALTER TABLE rollups_by_day RENAME TO rollups;
