-- 规则集. Local rules with their legal basis: versioned, dated, for an area and all below it. A version is never edited:
-- the next one ends it, and what was opened under it keeps its id.
CREATE TABLE rule_sets (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    key TEXT NOT NULL,
    area_code TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    params TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    effective_from DATE NOT NULL,
    effective_to DATE,
    created_by BLOB,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (effective_to IS NULL OR effective_to > effective_from)
);
CREATE UNIQUE INDEX rule_sets_number ON rule_sets (key, area_code, number);
CREATE UNIQUE INDEX rule_sets_open ON rule_sets (key, area_code) WHERE effective_to IS NULL;
CREATE INDEX rule_sets_area ON rule_sets (area_code, id);

-- 公示. What was posted, frozen, with its hash; never edited, only superseded.
CREATE TABLE publicities (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    area_code TEXT NOT NULL,
    title TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    opens_on DATE NOT NULL,
    closes_on DATE NOT NULL,
    min_days INTEGER NOT NULL CHECK (min_days > 0),
    rule_set_id BLOB REFERENCES rule_sets (id),
    places TEXT NOT NULL,
    evidence TEXT,
    status TEXT NOT NULL CHECK (status IN ('open', 'closed', 'superseded', 'withdrawn')),
    status_reason TEXT,
    ended_at BIGINT,
    ended_by BLOB,
    supersedes BLOB REFERENCES publicities (id),
    opened_by BLOB,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (closes_on > opens_on),
    CHECK ((status = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX publicities_open ON publicities (entity, entity_id, kind) WHERE status = 'open';
CREATE INDEX publicities_area ON publicities (area_code, id);
CREATE INDEX publicities_subject ON publicities (entity, entity_id);

-- 异议
CREATE TABLE publicity_objections (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    publicity_id BLOB NOT NULL REFERENCES publicities (id),
    area_code TEXT NOT NULL,
    raised_by BLOB NOT NULL,
    content TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('received', 'replied', 'upheld', 'rejected')),
    reply TEXT,
    replied_by BLOB,
    replied_at BIGINT,
    decision_note TEXT,
    decided_by BLOB,
    decided_at BIGINT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((status = 'received') = (reply IS NULL)),
    CHECK ((reply IS NULL) = (replied_at IS NULL)),
    CHECK ((status IN ('upheld', 'rejected')) = (decided_at IS NOT NULL))
);
CREATE UNIQUE INDEX publicity_objections_open ON publicity_objections (publicity_id, raised_by) WHERE status IN ('received', 'replied');
CREATE INDEX publicity_objections_of ON publicity_objections (publicity_id, id);
CREATE INDEX publicity_objections_area ON publicity_objections (area_code, id);
CREATE INDEX publicity_objections_raiser ON publicity_objections (raised_by, id);
