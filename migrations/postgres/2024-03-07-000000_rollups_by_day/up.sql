-- The day first: what is counted today lies together, and a period of an area is as many ranges as it has days and metrics.
ALTER TABLE rollups DROP CONSTRAINT rollups_pkey, ADD PRIMARY KEY (day, metric, area_code, dimension);
