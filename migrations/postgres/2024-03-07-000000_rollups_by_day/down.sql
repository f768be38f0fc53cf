ALTER TABLE rollups DROP CONSTRAINT rollups_pkey, ADD PRIMARY KEY (metric, area_code, day, dimension);
