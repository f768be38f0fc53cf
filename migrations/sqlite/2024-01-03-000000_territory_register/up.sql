-- 区划. A code's parent is its prefix (GB/T 2260, GB/T 10114), so a new parent is a new code and the old one is closed.
CREATE TABLE divisions (
    code TEXT NOT NULL PRIMARY KEY,
    level TEXT NOT NULL CHECK (level IN ('province', 'city', 'district', 'street', 'community')),
    name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    alias TEXT,
    parent_code TEXT REFERENCES divisions (code),
    households INTEGER CHECK (households >= 0),
    residents INTEGER CHECK (residents >= 0),
    land_area BIGINT CHECK (land_area >= 0),
    predecessor_code TEXT REFERENCES divisions (code),
    successor_code TEXT REFERENCES divisions (code),
    valid_from DATE NOT NULL,
    valid_to DATE,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CHECK ((level = 'province') = (parent_code IS NULL)),
    CHECK (parent_code IS NULL OR substr(code, 1, length(parent_code)) = parent_code),
    CHECK (length(code) = CASE level WHEN 'province' THEN 2 WHEN 'city' THEN 4 WHEN 'district' THEN 6
        WHEN 'street' THEN 9 ELSE 12 END)
);
CREATE INDEX divisions_children ON divisions (parent_code, code);
CREATE INDEX divisions_level ON divisions (level, code);

-- 网格. Belongs to one community, never straight to a street; levels 1–5 form a tree of their own below it.
CREATE TABLE grids (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    community_code TEXT NOT NULL REFERENCES divisions (code),
    parent_id BLOB REFERENCES grids (id),
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
    kind TEXT NOT NULL CHECK (kind IN ('basic', 'exclusive')),
    name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    households INTEGER CHECK (households >= 0),
    residents INTEGER CHECK (residents >= 0),
    duty_phone TEXT,
    polygon TEXT,
    min_lon INTEGER,
    min_lat INTEGER,
    max_lon INTEGER,
    max_lat INTEGER,
    valid_from DATE NOT NULL,
    valid_to DATE,
    close_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (length(code) = 15 AND substr(code, 1, 12) = community_code),
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CHECK ((polygon IS NULL) = (min_lon IS NULL)),
    CHECK (min_lon <= max_lon AND min_lat <= max_lat)
);
CREATE INDEX grids_community ON grids (community_code, code);
CREATE INDEX grids_parent ON grids (parent_id);
CREATE INDEX grids_box ON grids (min_lat, max_lat, min_lon, max_lon);

-- 小区/楼院
CREATE TABLE compounds (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL UNIQUE,
    community_code TEXT NOT NULL REFERENCES divisions (code),
    grid_code TEXT REFERENCES grids (code) ON UPDATE CASCADE,
    name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('managed', 'scattered_yard', 'single_building')),
    address TEXT NOT NULL,
    built_year INTEGER CHECK (built_year BETWEEN 1900 AND 2100),
    floor_area BIGINT CHECK (floor_area >= 0),
    households INTEGER CHECK (households >= 0),
    residents INTEGER CHECK (residents >= 0),
    management_mode TEXT NOT NULL CHECK (management_mode IN
        ('professional', 'community_custody', 'social_org_agency', 'self_managed', 'red_station', 'none')),
    pilots TEXT NOT NULL,
    plan TEXT,
    brand TEXT,
    opened_on DATE NOT NULL,
    closed_on DATE,
    close_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (substr(area_code, 1, 12) = community_code AND length(area_code) = 17),
    CHECK (closed_on IS NULL OR closed_on >= opened_on)
);
CREATE INDEX compounds_mode ON compounds (management_mode, area_code);
CREATE INDEX compounds_grid ON compounds (grid_code);
CREATE INDEX compounds_community ON compounds (community_code);

-- 管理模式历史: exactly one open interval per compound.
CREATE TABLE compound_modes (
    id BLOB NOT NULL PRIMARY KEY,
    compound_id BLOB NOT NULL REFERENCES compounds (id),
    mode TEXT NOT NULL CHECK (mode IN
        ('professional', 'community_custody', 'social_org_agency', 'self_managed', 'red_station', 'none')),
    valid_from DATE NOT NULL,
    valid_to DATE,
    evidence_kind TEXT CHECK (evidence_kind IN ('contract', 'resolution', 'station_decision')),
    evidence_ref TEXT,
    recorded_by BLOB,
    created_at BIGINT NOT NULL,
    UNIQUE (compound_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from),
    CHECK (mode = 'none' OR (evidence_kind IS NOT NULL AND evidence_ref IS NOT NULL))
);
CREATE UNIQUE INDEX compound_modes_open ON compound_modes (compound_id) WHERE valid_to IS NULL;

-- 归属历史: where a compound lay, and under which code; exactly one open interval per compound.
CREATE TABLE compound_placements (
    id BLOB NOT NULL PRIMARY KEY,
    compound_id BLOB NOT NULL REFERENCES compounds (id),
    community_code TEXT NOT NULL REFERENCES divisions (code),
    area_code TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    reason TEXT,
    recorded_by BLOB,
    created_at BIGINT NOT NULL,
    UNIQUE (compound_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from),
    CHECK (substr(area_code, 1, 12) = community_code)
);
CREATE UNIQUE INDEX compound_placements_open ON compound_placements (compound_id) WHERE valid_to IS NULL;
CREATE UNIQUE INDEX compound_placements_code ON compound_placements (area_code);

-- 模式变更申请: proposed by the community, confirmed by the street; one open proposal per compound.
CREATE TABLE mode_changes (
    id BLOB NOT NULL PRIMARY KEY,
    compound_id BLOB NOT NULL REFERENCES compounds (id),
    area_code TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN
        ('professional', 'community_custody', 'social_org_agency', 'self_managed', 'red_station', 'none')),
    effective_on DATE NOT NULL,
    evidence_kind TEXT NOT NULL CHECK (evidence_kind IN ('contract', 'resolution', 'station_decision')),
    evidence_ref TEXT NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('proposed', 'confirmed', 'rejected', 'withdrawn')),
    proposed_by BLOB NOT NULL,
    proposed_at BIGINT NOT NULL,
    decided_by BLOB,
    decided_at BIGINT,
    decision_note TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK ((status = 'proposed') = (decided_at IS NULL)),
    CHECK (status <> 'confirmed' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX mode_changes_open ON mode_changes (compound_id) WHERE status = 'proposed';
CREATE INDEX mode_changes_compound ON mode_changes (compound_id);
CREATE INDEX mode_changes_area ON mode_changes (area_code, id);

-- 楼栋
CREATE TABLE buildings (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL UNIQUE,
    compound_id BLOB NOT NULL REFERENCES compounds (id),
    grid_code TEXT REFERENCES grids (code) ON UPDATE CASCADE,
    no TEXT NOT NULL,
    floors INTEGER NOT NULL CHECK (floors BETWEEN 1 AND 200),
    has_elevator BOOLEAN NOT NULL,
    closed_on DATE,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (length(area_code) = 21)
);
CREATE UNIQUE INDEX buildings_no ON buildings (compound_id, no) WHERE closed_on IS NULL;
CREATE INDEX buildings_grid ON buildings (grid_code, compound_id);

-- 单元
CREATE TABLE units (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL UNIQUE,
    compound_id BLOB NOT NULL REFERENCES compounds (id),
    building_id BLOB NOT NULL REFERENCES buildings (id),
    no TEXT NOT NULL,
    closed_on DATE,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (length(area_code) = 24)
);
CREATE UNIQUE INDEX units_no ON units (building_id, no) WHERE closed_on IS NULL;
CREATE INDEX units_compound ON units (compound_id);

-- 房屋: exclusive_area in 0.01 m², the base of owners' votes (Civil Code 278).
CREATE TABLE rooms (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL UNIQUE,
    compound_id BLOB NOT NULL REFERENCES compounds (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    no TEXT NOT NULL,
    exclusive_area BIGINT NOT NULL CHECK (exclusive_area > 0),
    use_kind TEXT NOT NULL CHECK (use_kind IN ('residential', 'commercial', 'office', 'storage', 'parking')),
    closed_on DATE,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (length(area_code) = 29)
);
CREATE UNIQUE INDEX rooms_no ON rooms (unit_id, no) WHERE closed_on IS NULL;
CREATE INDEX rooms_compound ON rooms (compound_id, use_kind);

-- 包抓/包联: who answers for a grid or a compound.
CREATE TABLE contact_assignments (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('leader', 'cadre', 'department', 'instructor')),
    grid_id BLOB REFERENCES grids (id),
    compound_id BLOB REFERENCES compounds (id),
    area_code TEXT NOT NULL,
    assignee TEXT NOT NULL,
    title TEXT,
    account_id BLOB,
    hard_spot BOOLEAN NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    ended_on DATE,
    end_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((grid_id IS NULL) <> (compound_id IS NULL)),
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CHECK (ended_on IS NULL OR ended_on >= valid_from)
);
CREATE UNIQUE INDEX contact_assignments_grid ON contact_assignments (grid_id, kind, assignee) WHERE ended_on IS NULL;
CREATE UNIQUE INDEX contact_assignments_compound ON contact_assignments (compound_id, kind, assignee) WHERE ended_on IS NULL;
CREATE INDEX contact_assignments_area ON contact_assignments (area_code, id);

-- 导入记录: how far a file has come, so that an import that was cut off goes on where it stopped.
CREATE TABLE import_runs (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    rows_read BIGINT NOT NULL,
    inserted BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE UNIQUE INDEX import_runs_open ON import_runs (kind, file_hash) WHERE finished_at IS NULL;
