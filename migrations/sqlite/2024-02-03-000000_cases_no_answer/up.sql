-- 无人应答: when a case is given up whose reporter nobody has reached, counted from the first attempt of the round.
ALTER TABLE case_visits ADD COLUMN lapses_at BIGINT;
CREATE INDEX case_visits_lapsing ON case_visits (lapses_at) WHERE lapses_at IS NOT NULL;
