-- 公布值 (F26): what was published elsewhere, with its source, beside what is counted. Recorded once: a correction is another row.
CREATE TABLE reported_figures (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL,
    figure TEXT NOT NULL CHECK (length(figure) BETWEEN 1 AND 60),
    part TEXT CHECK (length(part) BETWEEN 1 AND 60),
    period_from DATE NOT NULL,
    period_to DATE NOT NULL,
    numerator BIGINT,
    denominator BIGINT CHECK (denominator > 0),
    hundredths BIGINT,
    source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 300),
    recorded_by BLOB,
    version INTEGER NOT NULL CHECK (version = 1),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (period_to >= period_from),
    CHECK ((numerator IS NULL) = (denominator IS NULL)),
    CHECK ((numerator IS NULL) <> (hundredths IS NULL))
);
CREATE INDEX reported_figures_area ON reported_figures (area_code, id);
CREATE INDEX reported_figures_of ON reported_figures (area_code, figure, period_to);

CREATE TRIGGER reported_figures_stay BEFORE UPDATE ON reported_figures
BEGIN
    SELECT RAISE(ABORT, 'what was published is not changed');
END;

-- What falls due to be resolved next, and what was due in a period, in a district of any size.
CREATE INDEX case_clocks_resolve ON case_clocks (due_at, area_code) WHERE clock = 'resolve';
