-- 事件工单. States are those of the rules' one table; tier, round, outcome and visibility stand beside the state.
CREATE TABLE cases (
    id BLOB NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    area_code TEXT NOT NULL,
    community_code TEXT NOT NULL,
    grid_code TEXT,
    compound_id BLOB REFERENCES compounds (id),
    kind TEXT NOT NULL CHECK (kind IN
        ('enquiry', 'help', 'repair', 'complaint', 'suggestion', 'praise', 'report', 'service')),
    category TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('alliance', 'app', 'phone', 'window', 'hotline_12345', 'grid_patrol',
        'home_visit', 'meeting', 'smart_device')),
    urgency TEXT NOT NULL CHECK (urgency IN ('emergency', 'urgent', 'normal', 'complex')),
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('submitted', 'accepted', 'dispatched', 'returned', 'signed', 'in_progress',
        'suspended', 'done', 'return_visit', 'closed', 'rejected', 'cancelled', 'merged')),
    tier TEXT NOT NULL CHECK (tier IN ('branch', 'community', 'street', 'district')),
    round INTEGER NOT NULL CHECK (round > 0),
    outcome TEXT CHECK (outcome IN ('fixed', 'answered', 'not_fixable', 'not_responsible', 'self_resolved', 'duplicate')),
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'parties', 'desk')),
    identity TEXT NOT NULL CHECK (identity IN ('open', 'hidden', 'anonymous')),
    handler_org_id BLOB,
    handler_id BLOB,
    responsible_org_id BLOB,
    responsible_id BLOB,
    due_at BIGINT,
    returns INTEGER NOT NULL CHECK (returns BETWEEN 0 AND 2),
    merged_into BLOB REFERENCES cases (id),
    reported_at BIGINT NOT NULL,
    accepted_at BIGINT,
    signed_at BIGINT,
    done_at BIGINT,
    closed_at BIGINT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- An open case always has a date by which it is due; a case that came to its end says when.
    CHECK ((status IN ('closed', 'rejected', 'cancelled', 'merged')) = (closed_at IS NOT NULL)),
    CHECK (status IN ('rejected', 'cancelled', 'merged') OR due_at IS NOT NULL),
    CHECK ((status = 'merged') = (merged_into IS NOT NULL)),
    CHECK (merged_into <> id),
    CHECK (status NOT IN ('dispatched', 'signed', 'in_progress', 'suspended')
        OR handler_org_id IS NOT NULL OR handler_id IS NOT NULL),
    CHECK (status NOT IN ('done', 'return_visit') OR (outcome IS NOT NULL AND done_at IS NOT NULL))
);
CREATE INDEX cases_area ON cases (area_code, id);
CREATE INDEX cases_community ON cases (community_code, id);
CREATE INDEX cases_handler_org ON cases (handler_org_id, id) WHERE handler_org_id IS NOT NULL;
CREATE INDEX cases_handler ON cases (handler_id, id) WHERE handler_id IS NOT NULL;
CREATE INDEX cases_responsible_org ON cases (responsible_org_id, id) WHERE responsible_org_id IS NOT NULL;
CREATE INDEX cases_responsible ON cases (responsible_id, id) WHERE responsible_id IS NOT NULL;
-- What is open is little beside what was ever closed. Each of these is a desk's list in its own order, so that a page of it
-- costs a page, however much is behind it.
CREATE INDEX cases_open ON cases (community_code, status, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX cases_due ON cases (community_code, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX cases_due_anywhere ON cases (due_at, id) WHERE closed_at IS NULL;
CREATE INDEX cases_high ON cases (tier, status, due_at, id) WHERE closed_at IS NULL AND tier IN ('street', 'district');
CREATE INDEX cases_to_visit ON cases (community_code, id) WHERE closed_at IS NULL AND done_at IS NOT NULL;
CREATE INDEX cases_in_hand ON cases (handler_org_id, due_at, id) WHERE closed_at IS NULL AND handler_org_id IS NOT NULL;
CREATE INDEX cases_in_hand_by_name ON cases (handler_id, due_at, id) WHERE closed_at IS NULL AND handler_id IS NOT NULL;
CREATE INDEX cases_merged_into ON cases (merged_into) WHERE merged_into IS NOT NULL;

-- What is said of a case: in a table of its own, so that a list reads none of it.
CREATE TABLE case_details (
    case_id BLOB NOT NULL PRIMARY KEY REFERENCES cases (id),
    body TEXT NOT NULL,
    search_text TEXT NOT NULL,
    fields TEXT NOT NULL,
    place TEXT,
    lat_e6 INTEGER CHECK (lat_e6 BETWEEN -90000000 AND 90000000),
    lon_e6 INTEGER CHECK (lon_e6 BETWEEN -180000000 AND 180000000),
    asset TEXT,
    category_set_id BLOB REFERENCES rule_sets (id),
    policy_set_id BLOB REFERENCES rule_sets (id),
    policy TEXT NOT NULL,
    resolution TEXT,
    evidence_waiver TEXT,
    CHECK ((lat_e6 IS NULL) = (lon_e6 IS NULL))
);

-- Who reported: apart from the case, so that no query for a handler can bring it along. No row where nobody is known.
CREATE TABLE case_reporters (
    case_id BLOB NOT NULL PRIMARY KEY REFERENCES cases (id),
    account_id BLOB,
    name TEXT,
    phone_sealed BLOB,
    phone_masked TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX case_reporters_account ON case_reporters (account_id, case_id) WHERE account_id IS NOT NULL;

-- 我也遇到: who joined a case instead of reporting it again.
CREATE TABLE case_joins (
    case_id BLOB NOT NULL REFERENCES cases (id),
    account_id BLOB NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, account_id)
);
CREATE INDEX case_joins_account ON case_joins (account_id, case_id);

-- 退单: each handler may object once.
CREATE TABLE case_returns (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    organisation_id BLOB,
    account_id BLOB,
    reason TEXT NOT NULL CHECK (reason IN ('not_ours', 'wrong_place', 'needs_other_department', 'insufficient')),
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    CHECK ((organisation_id IS NULL) <> (account_id IS NULL))
);
CREATE UNIQUE INDEX case_returns_organisation ON case_returns (case_id, organisation_id)
    WHERE organisation_id IS NOT NULL;
CREATE UNIQUE INDEX case_returns_account ON case_returns (case_id, account_id) WHERE account_id IS NOT NULL;

-- 并案: a link that can be undone; the case keeps the state that it goes back to.
CREATE TABLE case_links (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    target_id BLOB NOT NULL REFERENCES cases (id),
    prior_status TEXT NOT NULL,
    merged_by BLOB,
    merged_at BIGINT NOT NULL,
    undone_by BLOB,
    undone_at BIGINT,
    CHECK (case_id <> target_id)
);
CREATE UNIQUE INDEX case_links_standing ON case_links (case_id) WHERE undone_at IS NULL;
CREATE INDEX case_links_target ON case_links (target_id, id);

-- 备注: what is said without changing the state.
CREATE TABLE case_comments (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    author_id BLOB,
    stands_for TEXT NOT NULL CHECK (stands_for IN ('reporter', 'desk', 'handler', 'system')),
    audience TEXT NOT NULL CHECK (audience IN ('parties', 'staff')),
    body TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX case_comments_case ON case_comments (case_id, id);

-- 时限: each runs by itself, none overrules another.
CREATE TABLE case_clocks (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    area_code TEXT NOT NULL,
    round INTEGER NOT NULL CHECK (round > 0),
    clock TEXT NOT NULL CHECK (clock IN ('accept', 'sign', 'contact', 'resolve', 'visit')),
    run INTEGER NOT NULL CHECK (run > 0),
    mode TEXT NOT NULL CHECK (mode IN ('wall', 'working')),
    budget_minutes INTEGER NOT NULL CHECK (budget_minutes > 0),
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    half_at BIGINT NOT NULL,
    warn_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_kind TEXT CHECK (end_kind IN ('met', 'void')),
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
    next_at BIGINT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((ended_at IS NULL) = (end_kind IS NULL)),
    CHECK (ended_at IS NULL OR next_at IS NULL),
    UNIQUE (case_id, round, clock, run)
);
CREATE UNIQUE INDEX case_clocks_running ON case_clocks (case_id, clock) WHERE ended_at IS NULL;
CREATE INDEX case_clocks_next ON case_clocks (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX case_clocks_area ON case_clocks (area_code, due_at);

-- 催办与超时: what a clock has set off, once each; rates are counted from these. The area is that of the day.
CREATE TABLE case_alarms (
    clock_id BLOB NOT NULL REFERENCES case_clocks (id),
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
    case_id BLOB NOT NULL REFERENCES cases (id),
    area_code TEXT NOT NULL,
    clock TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (clock_id, level)
);
CREATE INDEX case_alarms_case ON case_alarms (case_id, at);
CREATE INDEX case_alarms_area ON case_alarms (area_code, at);

-- 挂起: asked for by the handler, allowed by the next tier; while one runs the clocks stand still.
CREATE TABLE case_holds (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    area_code TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('requested', 'running', 'ended', 'refused', 'withdrawn')),
    cause TEXT NOT NULL CHECK (cause IN ('waiting_for_reporter', 'waiting_for_materials', 'waiting_for_vote')),
    note TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    requested_by BLOB NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_by BLOB,
    decided_at BIGINT,
    decision_note TEXT,
    started_at BIGINT,
    ended_at BIGINT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (decided_by <> requested_by),
    CHECK ((status IN ('running', 'ended')) = (started_at IS NOT NULL)),
    CHECK ((status = 'ended') = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX case_holds_open ON case_holds (case_id) WHERE status IN ('requested', 'running');
CREATE INDEX case_holds_case ON case_holds (case_id, id);
CREATE INDEX case_holds_until ON case_holds (until_at) WHERE status = 'running';
CREATE INDEX case_holds_area ON case_holds (status, area_code);

-- 延期: at most one that was approved, asked for before the due date.
CREATE TABLE case_extensions (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    area_code TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('requested', 'approved', 'refused')),
    working_days INTEGER NOT NULL CHECK (working_days BETWEEN 1 AND 30),
    reason TEXT NOT NULL,
    old_due_at BIGINT NOT NULL,
    new_due_at BIGINT,
    requested_by BLOB NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_by BLOB,
    decided_at BIGINT,
    decision_note TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (decided_by <> requested_by),
    CHECK ((status = 'requested') = (decided_at IS NULL)),
    CHECK ((status = 'approved') = (new_due_at IS NOT NULL))
);
CREATE UNIQUE INDEX case_extensions_once ON case_extensions (case_id) WHERE status IN ('requested', 'approved');
CREATE INDEX case_extensions_case ON case_extensions (case_id, id);
CREATE INDEX case_extensions_area ON case_extensions (status, area_code);

-- 回访: attempts and what they brought, in the area of the day; nobody visits what they handled (held by the rules).
CREATE TABLE case_visits (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    area_code TEXT NOT NULL,
    round INTEGER NOT NULL CHECK (round > 0),
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    channel TEXT NOT NULL CHECK (channel IN ('phone', 'on_site', 'message', 'app')),
    outcome TEXT NOT NULL CHECK (outcome IN
        ('very_satisfied', 'satisfied', 'basically', 'dissatisfied', 'unreachable', 'refused')),
    score INTEGER CHECK (score BETWEEN 1 AND 5),
    reason TEXT CHECK (reason IN ('not_fixed', 'bad_manner', 'too_slow', 'unreasonable_demand')),
    note TEXT,
    visitor_id BLOB,
    at BIGINT NOT NULL,
    UNIQUE (case_id, round, attempt),
    CHECK ((outcome = 'dissatisfied') = (reason IS NOT NULL))
);
CREATE INDEX case_visits_area ON case_visits (area_code, at);

-- 照片与文件: what a case shows for itself; the bytes are in the storage.
CREATE TABLE case_files (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('report', 'before', 'after', 'visit')),
    media TEXT NOT NULL CHECK (media IN ('jpeg', 'png', 'webp', 'pdf')),
    storage_key TEXT NOT NULL UNIQUE,
    thumbnail_key TEXT UNIQUE,
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    width INTEGER,
    height INTEGER,
    sha256 TEXT NOT NULL,
    likeness TEXT,
    by_reporter BOOLEAN NOT NULL,
    added_by BLOB,
    round INTEGER NOT NULL CHECK (round > 0),
    removed_at BIGINT,
    removed_by BLOB,
    remove_reason TEXT,
    created_at BIGINT NOT NULL,
    CHECK ((removed_at IS NULL) = (remove_reason IS NULL)),
    CHECK (NOT by_reporter OR added_by IS NULL)
);
CREATE UNIQUE INDEX case_files_once ON case_files (case_id, round, purpose, by_reporter, sha256) WHERE removed_at IS NULL;
CREATE INDEX case_files_case ON case_files (case_id, id);
