-- 岗位. One seat of one organisation in one area. What it asks for stands here; who may fill it how is decided by the rules.
CREATE TABLE posts (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    area_code TEXT NOT NULL,
    seat_kind TEXT NOT NULL CHECK (seat_kind IN (
        'chair', 'deputy_chair', 'member', 'secretary', 'deputy_secretary', 'committee_member',
        'general_branch_secretary', 'part_time_member', 'director', 'deputy_director', 'head', 'staff',
        'administrator', 'project_manager', 'building_head', 'unit_head', 'part_time_grid_worker',
        'mediator')),
    seat_no INTEGER NOT NULL CHECK (seat_no BETWEEN 1 AND 999),
    title TEXT NOT NULL,
    voting BOOLEAN NOT NULL,
    single_holder BOOLEAN NOT NULL,
    needs_party BOOLEAN NOT NULL,
    needs_owner BOOLEAN NOT NULL,
    needs_residence BOOLEAN NOT NULL,
    routes TEXT NOT NULL,
    max_term_years INTEGER NOT NULL CHECK (max_term_years BETWEEN 1 AND 5),
    role TEXT,
    duty TEXT NOT NULL CHECK (duty IN ('none', 'supervision', 'assessment')),
    regarding_id BLOB REFERENCES organisations (id),
    opened_on DATE NOT NULL,
    closed_on DATE,
    close_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((duty = 'none') = (regarding_id IS NULL)),
    CHECK (closed_on IS NULL OR closed_on >= opened_on)
);
CREATE UNIQUE INDEX posts_seat ON posts (organisation_id, area_code, seat_kind, seat_no) WHERE closed_on IS NULL;
CREATE INDEX posts_area ON posts (area_code, id);
CREATE INDEX posts_kind ON posts (seat_kind, area_code);

-- 任职. A cross-appointment has a base post; it ends the same day with it. `last_day` is the last day in office: of the
-- term, or of the base post if that comes first. Who holds a single seat now, and who follows, is held here as well.
CREATE TABLE appointments (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person_id BLOB NOT NULL REFERENCES persons (id),
    post_id BLOB NOT NULL REFERENCES posts (id),
    area_code TEXT NOT NULL,
    single_holder BOOLEAN NOT NULL,
    route TEXT NOT NULL CHECK (route IN ('elected', 'co_opted', 'assigned', 'hired')),
    direction TEXT,
    home_appointment_id BLOB REFERENCES appointments (id),
    home_organisation_id BLOB REFERENCES organisations (id),
    renews_id BLOB REFERENCES appointments (id),
    legal_basis TEXT NOT NULL,
    term_from DATE NOT NULL,
    term_to DATE,
    last_day DATE,
    carry_over BOOLEAN NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('proposed', 'home_consented', 'checked', 'publicity', 'recorded', 'approved',
        'active', 'renewed', 'expired', 'ended', 'rejected', 'withdrawn')),
    publicity_id BLOB REFERENCES publicities (id),
    rule_set_id BLOB REFERENCES rule_sets (id),
    checks TEXT,
    proposed_by BLOB NOT NULL,
    consented_by BLOB,
    consented_at BIGINT,
    decided_by BLOB,
    decided_at BIGINT,
    note TEXT,
    ended_on DATE,
    end_reason TEXT CHECK (end_reason IN ('resigned', 'removed', 'lost_eligibility', 'organisation_ended', 'post_closed',
        'base_post_ended', 'contract_ended', 'person_closed', 'succeeded', 'term_over')),
    grant_id BLOB REFERENCES role_grants (id),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (term_to IS NOT NULL OR route = 'hired'),
    CHECK (term_to IS NULL OR term_to > term_from),
    CHECK ((home_appointment_id IS NULL) = (home_organisation_id IS NULL)),
    CHECK ((home_appointment_id IS NULL) = (direction IS NULL)),
    CHECK ((status IN ('ended', 'expired')) = (ended_on IS NOT NULL)),
    CHECK ((ended_on IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX appointments_holder ON appointments (post_id) WHERE single_holder AND status = 'active';
CREATE UNIQUE INDEX appointments_successor ON appointments (post_id) WHERE single_holder AND status = 'approved';
CREATE UNIQUE INDEX appointments_once ON appointments (person_id, post_id)
    WHERE status IN ('proposed', 'home_consented', 'checked', 'publicity', 'recorded');
CREATE INDEX appointments_area ON appointments (area_code, id);
CREATE INDEX appointments_person ON appointments (person_id, id);
CREATE INDEX appointments_post ON appointments (post_id, status);
CREATE INDEX appointments_home ON appointments (home_appointment_id);
CREATE INDEX appointments_home_organisation ON appointments (home_organisation_id, status);
CREATE INDEX appointments_last_day ON appointments (status, last_day);

-- 选举记录: what an elected seat stands on.
CREATE TABLE election_records (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    area_code TEXT NOT NULL,
    held_on DATE NOT NULL,
    document TEXT NOT NULL,
    recorded_by BLOB,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX election_records_area ON election_records (area_code, id);
CREATE INDEX election_records_organisation ON election_records (organisation_id, held_on);

CREATE TABLE election_electees (
    election_id BLOB NOT NULL REFERENCES election_records (id),
    post_id BLOB NOT NULL REFERENCES posts (id),
    person_id BLOB NOT NULL REFERENCES persons (id),
    PRIMARY KEY (election_id, post_id)
);
CREATE INDEX election_electees_person ON election_electees (person_id, post_id);

-- 利害关系申报: who has what to do with which company. A kinsman is never named.
CREATE TABLE interest_declarations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person_id BLOB NOT NULL REFERENCES persons (id),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    area_code TEXT NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('employee', 'shareholder', 'spouse_of_employee', 'close_kin_of_employee',
        'supplier')),
    declared_on DATE NOT NULL,
    ended_on DATE,
    end_reason TEXT,
    recorded_by BLOB,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (ended_on IS NULL OR ended_on >= declared_on)
);
CREATE UNIQUE INDEX interest_declarations_open ON interest_declarations (person_id, organisation_id, relation)
    WHERE ended_on IS NULL;
CREATE INDEX interest_declarations_area ON interest_declarations (area_code, id);
CREATE INDEX interest_declarations_organisation ON interest_declarations (organisation_id);
