-- 工作周. The weekly windows of an area that sets its own; the nearest one above a place is in force there.
CREATE TABLE calendars (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    area_code TEXT NOT NULL,
    week TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendars_area ON calendars (area_code);

-- 节假日与调休. A day whose windows are not those of its weekday: none is a day off, NULL a regular working day.
CREATE TABLE calendar_days (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    area_code TEXT NOT NULL,
    day DATE NOT NULL,
    hours TEXT,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    file_year INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_days_area ON calendar_days (area_code, day);
