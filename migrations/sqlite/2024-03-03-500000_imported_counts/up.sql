-- 导入计数: counts that were taken over as counts, each with where it is from. A figure is these and what the rows here come to.
CREATE TABLE imported_counts (
    metric TEXT NOT NULL,
    area_code TEXT NOT NULL,
    day DATE NOT NULL,
    dimension TEXT NOT NULL,
    n BIGINT NOT NULL,
    source TEXT NOT NULL CHECK (source <> ''),
    PRIMARY KEY (metric, area_code, day, dimension, source)
) WITHOUT ROWID;
