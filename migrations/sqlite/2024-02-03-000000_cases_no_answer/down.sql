DROP INDEX case_visits_lapsing;
ALTER TABLE case_visits DROP COLUMN lapses_at;
