-- 会议系列. What is held again and again, by whom and how often; its next day is written down so that what is late is found
-- by an index.
CREATE TABLE meeting_series (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    area_code TEXT NOT NULL,
    title TEXT NOT NULL,
    cadence TEXT NOT NULL CHECK (cadence IN ('weekly', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'as_needed')),
    required_parties TEXT NOT NULL,
    convener_org_id BLOB NOT NULL REFERENCES organisations (id),
    starts_on DATE NOT NULL,
    last_held_on DATE,
    next_due_on DATE,
    alarmed_for DATE,
    ended_on DATE,
    end_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (ended_on IS NULL OR ended_on >= starts_on),
    CHECK ((ended_on IS NULL) = (end_reason IS NULL))
);
CREATE INDEX meeting_series_area ON meeting_series (area_code, id);
CREATE INDEX meeting_series_due ON meeting_series (next_due_on, id) WHERE ended_on IS NULL;

-- 会议. What its kind asks for is pinned in `terms` when it is planned: a later rule never changes it.
CREATE TABLE meetings (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    series_id BLOB REFERENCES meeting_series (id),
    follows_id BLOB REFERENCES meetings (id),
    kind TEXT NOT NULL,
    area_code TEXT NOT NULL,
    title TEXT NOT NULL,
    convener_org_id BLOB NOT NULL REFERENCES organisations (id),
    mode TEXT NOT NULL CHECK (mode IN ('onsite', 'online', 'paper')),
    place TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    status TEXT NOT NULL CHECK (status IN ('planned', 'notified', 'in_session', 'closed', 'postponed', 'cancelled')),
    status_reason TEXT,
    standing TEXT CHECK (standing IN ('joint', 'consultation')),
    terms TEXT NOT NULL,
    rule_set_id BLOB REFERENCES rule_sets (id),
    check_in_code TEXT,
    notified_at BIGINT,
    opened_at BIGINT,
    closed_at BIGINT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((status = 'closed') = (standing IS NOT NULL)),
    CHECK (status NOT IN ('in_session', 'closed') OR (opened_at IS NOT NULL AND notified_at IS NOT NULL)),
    CHECK (status NOT IN ('postponed', 'cancelled') OR status_reason IS NOT NULL)
);
CREATE INDEX meetings_area ON meetings (area_code, starts_at, id);
CREATE INDEX meetings_time ON meetings (starts_at, id);
CREATE INDEX meetings_series ON meetings (series_id, starts_at);
CREATE UNIQUE INDEX meetings_follows ON meetings (follows_id) WHERE status <> 'cancelled';

-- 席位与签到. A seat is an organisation's or, in a body's own meeting, that of one of its posts. Whoever sits on it does so by an
-- appointment in office.
CREATE TABLE meeting_seats (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    meeting_id BLOB NOT NULL REFERENCES meetings (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    post_id BLOB REFERENCES posts (id),
    party TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('convener', 'member', 'observer')),
    votes BOOLEAN NOT NULL,
    attendance TEXT CHECK (attendance IN ('present', 'proxy', 'excused', 'recorded')),
    attend_mode TEXT CHECK (attend_mode IN ('onsite', 'online', 'paper')),
    appointment_id BLOB REFERENCES appointments (id),
    person_id BLOB REFERENCES persons (id),
    proxy_document TEXT,
    excuse TEXT,
    attended_at BIGINT,
    attended_by BLOB,
    CHECK (role <> 'observer' OR NOT votes),
    CHECK ((attendance IS NULL) = (attended_at IS NULL)),
    CHECK ((attendance = 'proxy') = (proxy_document IS NOT NULL) OR attendance IS NULL),
    CHECK ((attendance = 'excused') = (excuse IS NOT NULL) OR attendance IS NULL),
    CHECK (attendance IS NULL OR attendance IN ('excused', 'recorded') OR (person_id IS NOT NULL AND attend_mode IS NOT NULL)),
    CHECK (attendance <> 'recorded' OR person_id IS NULL OR attendance IS NULL),
    CHECK (attendance IS NULL OR attendance <> 'present' OR appointment_id IS NOT NULL)
);
CREATE UNIQUE INDEX meeting_seats_whole ON meeting_seats (meeting_id, organisation_id) WHERE post_id IS NULL;
CREATE UNIQUE INDEX meeting_seats_post ON meeting_seats (meeting_id, post_id) WHERE post_id IS NOT NULL;
CREATE UNIQUE INDEX meeting_seats_person ON meeting_seats (meeting_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX meeting_seats_convener ON meeting_seats (meeting_id) WHERE role = 'convener';
CREATE INDEX meeting_seats_organisation ON meeting_seats (organisation_id, meeting_id);

-- 议程. What was on the notice may be voted on; what came later may not.
CREATE TABLE agenda_items (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    meeting_id BLOB NOT NULL REFERENCES meetings (id),
    parent_id BLOB REFERENCES agenda_items (id),
    position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 1000),
    title TEXT NOT NULL,
    body TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('report', 'deliberation', 'vote')),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    presenter_org_id BLOB REFERENCES organisations (id),
    object_org_id BLOB REFERENCES organisations (id),
    source_kind TEXT CHECK (source_kind IN ('case', 'finding', 'survey', 'motion', 'legacy', 'objection')),
    source_id BLOB,
    source_note TEXT,
    impromptu BOOLEAN NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('proposed', 'listed', 'declined', 'withdrawn')),
    status_reason TEXT,
    proposed_by BLOB NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (NOT impromptu OR kind <> 'vote'),
    CHECK (source_id IS NULL OR source_kind IS NOT NULL)
);
CREATE INDEX agenda_items_meeting ON agenda_items (meeting_id, position, id);
CREATE INDEX agenda_items_source ON agenda_items (source_id) WHERE source_id IS NOT NULL;

-- 表决. One voice a seat and item.
CREATE TABLE agenda_votes (
    item_id BLOB NOT NULL REFERENCES agenda_items (id),
    seat_id BLOB NOT NULL REFERENCES meeting_seats (id),
    choice TEXT NOT NULL CHECK (choice IN ('agree', 'against', 'abstain')),
    appointment_id BLOB REFERENCES appointments (id),
    cast_by BLOB NOT NULL,
    cast_at BIGINT NOT NULL,
    PRIMARY KEY (item_id, seat_id)
);

-- 会议纪要. A published version is frozen with its hash; a correction is another version.
CREATE TABLE meeting_minutes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    meeting_id BLOB NOT NULL REFERENCES meetings (id),
    area_code TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    status TEXT NOT NULL CHECK (status IN ('drafting', 'circulated', 'countersigning', 'published', 'superseded', 'dropped')),
    body TEXT NOT NULL,
    reason TEXT,
    amend_until DATE,
    sign_until DATE,
    snapshot TEXT,
    public_snapshot TEXT,
    content_hash TEXT CHECK (length(content_hash) = 64),
    public_hash TEXT CHECK (length(public_hash) = 64),
    published_at BIGINT,
    published_by BLOB,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((number = 1) = (reason IS NULL)),
    CHECK ((status IN ('published', 'superseded')) = (published_at IS NOT NULL)),
    CHECK ((published_at IS NULL) = (snapshot IS NULL)),
    CHECK ((published_at IS NULL) = (public_snapshot IS NULL)),
    CHECK ((published_at IS NULL) = (content_hash IS NULL)),
    CHECK ((published_at IS NULL) = (public_hash IS NULL)),
    CHECK (status = 'drafting' OR status = 'dropped' OR amend_until IS NOT NULL)
);
CREATE UNIQUE INDEX meeting_minutes_number ON meeting_minutes (meeting_id, number);
CREATE UNIQUE INDEX meeting_minutes_open ON meeting_minutes (meeting_id) WHERE status IN ('drafting', 'circulated', 'countersigning');
CREATE UNIQUE INDEX meeting_minutes_published ON meeting_minutes (meeting_id) WHERE status = 'published';
CREATE INDEX meeting_minutes_area ON meeting_minutes (area_code, published_at, id);

-- 修改意见
CREATE TABLE minutes_amendments (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    minutes_id BLOB NOT NULL REFERENCES meeting_minutes (id),
    seat_id BLOB NOT NULL REFERENCES meeting_seats (id),
    item_id BLOB REFERENCES agenda_items (id),
    words TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'accepted', 'rejected')),
    reply TEXT,
    raised_by BLOB NOT NULL,
    raised_at BIGINT NOT NULL,
    disposed_by BLOB,
    disposed_at BIGINT,
    CHECK ((status = 'open') = (disposed_at IS NULL)),
    CHECK ((status = 'open') = (reply IS NULL))
);
CREATE INDEX minutes_amendments_minutes ON minutes_amendments (minutes_id, id);

-- 会签. One signature a seat and version.
CREATE TABLE minutes_signatures (
    minutes_id BLOB NOT NULL REFERENCES meeting_minutes (id),
    seat_id BLOB NOT NULL REFERENCES meeting_seats (id),
    kind TEXT NOT NULL CHECK (kind IN ('signed', 'dissent', 'deemed')),
    note TEXT,
    appointment_id BLOB REFERENCES appointments (id),
    signed_by BLOB,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (minutes_id, seat_id),
    CHECK ((kind = 'deemed') = (signed_by IS NULL)),
    CHECK ((kind = 'dissent') = (note IS NOT NULL))
);

-- 编号. The last number given in an area and year.
CREATE TABLE resolution_numbers (
    area_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (area_code, year)
);

-- 决议
CREATE TABLE resolutions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    meeting_id BLOB NOT NULL REFERENCES meetings (id),
    item_id BLOB NOT NULL REFERENCES agenda_items (id),
    area_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    serial INTEGER NOT NULL CHECK (serial > 0),
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('consensus', 'majority', 'transferred', 'advice', 'dual_majority')),
    status TEXT NOT NULL CHECK (status IN ('proposed', 'adopted', 'rejected', 'deferred', 'effective', 'in_execution', 'done',
        'reviewed', 'superseded', 'revoked')),
    status_reason TEXT,
    binding_on TEXT NOT NULL,
    tally TEXT,
    requires_owner_vote BOOLEAN NOT NULL,
    owner_vote_id BLOB,
    superseded_by BLOB REFERENCES resolutions (id),
    case_id BLOB REFERENCES cases (id),
    satisfied BOOLEAN,
    decided_at BIGINT,
    effective_on DATE,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (status = 'proposed' OR decided_at IS NOT NULL),
    CHECK (method <> 'dual_majority' OR requires_owner_vote),
    CHECK (NOT requires_owner_vote OR owner_vote_id IS NOT NULL
        OR status NOT IN ('effective', 'in_execution', 'done', 'reviewed'))
);
CREATE UNIQUE INDEX resolutions_number ON resolutions (area_code, year, serial);
CREATE UNIQUE INDEX resolutions_item ON resolutions (item_id) WHERE status NOT IN ('rejected', 'deferred', 'superseded', 'revoked');
CREATE INDEX resolutions_area ON resolutions (area_code, id);
CREATE INDEX resolutions_meeting ON resolutions (meeting_id, id);
CREATE INDEX resolutions_case ON resolutions (case_id) WHERE case_id IS NOT NULL;

-- 行动项
CREATE TABLE action_items (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    resolution_id BLOB NOT NULL REFERENCES resolutions (id),
    meeting_id BLOB NOT NULL REFERENCES meetings (id),
    area_code TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT,
    weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 100),
    owner_org_id BLOB NOT NULL REFERENCES organisations (id),
    owner_person_id BLOB REFERENCES persons (id),
    co_orgs TEXT NOT NULL,
    due_on DATE NOT NULL,
    progress INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 100),
    status TEXT NOT NULL CHECK (status IN ('assigned', 'returned', 'accepted', 'doing', 'submitted', 'verified', 'closed',
        'cancelled')),
    status_reason TEXT,
    returns INTEGER NOT NULL CHECK (returns BETWEEN 0 AND 1),
    level TEXT NOT NULL CHECK (level IN ('branch', 'community', 'street', 'district')),
    escalated_at BIGINT,
    evidence TEXT,
    submitted_by BLOB,
    submitted_at BIGINT,
    submitted_on DATE,
    verified_by BLOB,
    verified_at BIGINT,
    closed_at BIGINT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (status NOT IN ('submitted', 'verified', 'closed') OR (evidence IS NOT NULL AND submitted_at IS NOT NULL)),
    CHECK ((submitted_at IS NULL) = (submitted_on IS NULL)),
    CHECK (status NOT IN ('verified', 'closed') OR verified_at IS NOT NULL),
    CHECK (verified_by IS NULL OR verified_by <> submitted_by)
);
CREATE INDEX action_items_area ON action_items (area_code, id);
CREATE INDEX action_items_resolution ON action_items (resolution_id, id);
CREATE INDEX action_items_owner ON action_items (owner_org_id, id);
CREATE INDEX action_items_due ON action_items (due_on, id) WHERE status IN ('assigned', 'returned', 'accepted', 'doing');
