-- 红黑名单条目: of a company or a station, never of a person. Each step has its state; what is published is frozen in `document`.
CREATE TABLE listings (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    organisation_name TEXT NOT NULL,
    organisation_kind TEXT NOT NULL CHECK (organisation_kind IN ('property_company', 'red_service_station')),
    list TEXT NOT NULL CHECK (list IN ('red', 'watch', 'black')),
    ground_code TEXT NOT NULL,
    evidence TEXT NOT NULL,
    rule_set_id BLOB REFERENCES rule_sets (id),
    status TEXT NOT NULL CHECK (status IN ('proposed', 'notified', 'decided', 'rejected', 'withdrawn', 'published', 'objected',
        'active', 'expired', 'repaired', 'revoked')),
    proposed_by BLOB NOT NULL,
    notice_no TEXT,
    notified_on DATE,
    hear_until DATE,
    measures TEXT NOT NULL,
    decided_by BLOB,
    decided_on DATE,
    decision_note TEXT,
    valid_to DATE,
    published_on DATE,
    object_until DATE,
    active_from DATE,
    document TEXT,
    content_hash TEXT,
    ended_on DATE,
    end_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((notified_on IS NULL) = (hear_until IS NULL)),
    CHECK ((notified_on IS NULL) = (notice_no IS NULL)),
    CHECK (hear_until > notified_on),
    CHECK ((decided_on IS NULL) = (decided_by IS NULL)),
    CHECK (decided_by <> proposed_by),
    -- Nobody is put on the watch or the black list without having been heard.
    CHECK (list = 'red' OR decided_on IS NULL OR status = 'rejected' OR decided_on > hear_until),
    CHECK (list = 'red' OR valid_to IS NULL OR hear_until IS NOT NULL),
    CHECK ((published_on IS NULL) = (document IS NULL)),
    CHECK ((document IS NULL) = (content_hash IS NULL)),
    CHECK (published_on IS NULL OR valid_to > published_on),
    CHECK (status NOT IN ('published', 'objected', 'active', 'expired', 'repaired', 'revoked') OR published_on IS NOT NULL),
    CHECK (status <> 'active' OR active_from IS NOT NULL),
    CHECK ((status IN ('repaired', 'revoked')) = (ended_on IS NOT NULL))
);
-- One that is under way or in force on each list.
CREATE UNIQUE INDEX listings_live ON listings (organisation_id, list, area_code)
    WHERE status IN ('proposed', 'notified', 'decided', 'published', 'objected', 'active');
CREATE INDEX listings_area ON listings (area_code, id);
CREATE INDEX listings_organisation ON listings (organisation_id, list, id);
CREATE INDEX listings_clock ON listings (status, active_from, valid_to);

-- 陈述与听证: what the organisation had to say before it was decided.
CREATE TABLE listing_statements (
    id BLOB NOT NULL PRIMARY KEY,
    listing_id BLOB NOT NULL REFERENCES listings (id),
    kind TEXT NOT NULL CHECK (kind IN ('statement', 'hearing')),
    words TEXT NOT NULL,
    held_on DATE NOT NULL,
    stated_by BLOB,
    created_at BIGINT NOT NULL
);
CREATE INDEX listing_statements_listing ON listing_statements (listing_id, id);

-- 异议: one of each entry, by the organisation, with the day by which it is decided.
CREATE TABLE listing_objections (
    listing_id BLOB NOT NULL PRIMARY KEY REFERENCES listings (id),
    words TEXT NOT NULL,
    objected_by BLOB,
    objected_on DATE NOT NULL,
    due_on DATE NOT NULL CHECK (due_on > objected_on),
    extended_for TEXT,
    outcome TEXT CHECK (outcome IN ('upheld', 'dismissed')),
    reply TEXT,
    decided_by BLOB,
    decided_on DATE,
    alarmed BOOLEAN NOT NULL,
    CHECK ((outcome IS NULL) = (decided_on IS NULL)),
    CHECK ((outcome IS NULL) = (reply IS NULL))
);
CREATE INDEX listing_objections_due ON listing_objections (due_on) WHERE outcome IS NULL;

-- 证据照片: the bytes are in the storage.
CREATE TABLE listing_photos (
    id BLOB NOT NULL PRIMARY KEY,
    listing_id BLOB NOT NULL REFERENCES listings (id),
    media TEXT NOT NULL CHECK (media IN ('jpeg', 'png', 'webp')),
    storage_key TEXT NOT NULL UNIQUE,
    thumbnail_key TEXT UNIQUE,
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    width INTEGER,
    height INTEGER,
    sha256 TEXT NOT NULL,
    added_by BLOB,
    created_at BIGINT NOT NULL,
    UNIQUE (listing_id, sha256)
);
CREATE INDEX listing_photos_listing ON listing_photos (listing_id, id);

-- 信用事件: good or bad, with points that count from one day to another.
CREATE TABLE credit_events (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL,
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL CHECK (kind IN ('good', 'bad')),
    points INTEGER NOT NULL CHECK (points BETWEEN 1 AND 100),
    title TEXT NOT NULL,
    source_doc TEXT NOT NULL,
    occurred_on DATE NOT NULL,
    valid_to DATE NOT NULL,
    rule_set_id BLOB REFERENCES rule_sets (id),
    recorded_by BLOB,
    revoked_on DATE,
    revoke_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (valid_to >= occurred_on),
    CHECK ((revoked_on IS NULL) = (revoke_reason IS NULL))
);
CREATE INDEX credit_events_area ON credit_events (area_code, id);
CREATE INDEX credit_events_organisation ON credit_events (organisation_id, id);

-- 排名快照: frozen with its hash; corrected only by another in its place. `document` is what goes out, byte for byte.
CREATE TABLE rankings (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2199),
    quarter INTEGER NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    status TEXT NOT NULL CHECK (status IN ('standing', 'superseded')),
    projects INTEGER NOT NULL CHECK (projects > 0),
    document TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    supersedes BLOB UNIQUE REFERENCES rankings (id),
    reason TEXT,
    frozen_at BIGINT NOT NULL,
    frozen_by BLOB,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((supersedes IS NULL) = (reason IS NULL)),
    CHECK (supersedes <> id)
);
CREATE UNIQUE INDEX rankings_standing ON rankings (area_code, year, quarter) WHERE status = 'standing';
CREATE INDEX rankings_area ON rankings (area_code, id);

-- 排名: one row a project. The result is that of the ratings when it was frozen, and stays as it was.
CREATE TABLE ranking_rows (
    ranking_id BLOB NOT NULL REFERENCES rankings (id),
    position INTEGER NOT NULL CHECK (position > 0),
    place INTEGER NOT NULL CHECK (place > 0 AND place <= position),
    movement INTEGER,
    result_id BLOB NOT NULL,
    compound_id BLOB NOT NULL REFERENCES compounds (id),
    compound_name TEXT NOT NULL,
    company_id BLOB REFERENCES organisations (id),
    company_name TEXT,
    area_code TEXT NOT NULL,
    score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10000),
    stars INTEGER NOT NULL CHECK (stars BETWEEN 0 AND 5),
    CHECK ((company_id IS NULL) = (company_name IS NULL)),
    PRIMARY KEY (ranking_id, position),
    UNIQUE (ranking_id, compound_id)
);
CREATE INDEX ranking_rows_compound ON ranking_rows (compound_id, ranking_id);
CREATE INDEX ranking_rows_company ON ranking_rows (company_id, ranking_id);

-- 红黑榜: periodic, by rank, of no legal effect; one of each snapshot.
CREATE TABLE boards (
    id BLOB NOT NULL PRIMARY KEY,
    area_code TEXT NOT NULL,
    ranking_id BLOB NOT NULL UNIQUE REFERENCES rankings (id),
    year INTEGER NOT NULL,
    quarter INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('standing', 'superseded')),
    red INTEGER NOT NULL CHECK (red >= 0),
    black INTEGER NOT NULL CHECK (black >= 0),
    rule_set_id BLOB REFERENCES rule_sets (id),
    document TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by BLOB,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX boards_area ON boards (area_code, id);
