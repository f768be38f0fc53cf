-- 汇总: what figures are read from, counted in the transaction of what they count. The area is that of the day.
CREATE TABLE rollups (
    metric TEXT NOT NULL,
    area_code TEXT NOT NULL,
    day DATE NOT NULL,
    dimension TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (metric, area_code, day, dimension)
) WITHOUT ROWID;
