-- 汇总: what figures are read from, counted in the transaction of what they count. The area is that of the day.
-- Every count changes a row in place: with room on its page no index has to follow.
CREATE TABLE rollups (
    metric TEXT NOT NULL,
    area_code TEXT NOT NULL,
    day DATE NOT NULL,
    dimension TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (metric, area_code, day, dimension)
) WITH (fillfactor = 80);
