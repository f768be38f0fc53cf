-- 人员. `area_code` is the place that looks after the record: a district, street, community or compound. The phone is
-- sealed with the installation's secret; the mark is keyed, so that the same number is known again without being opened.
CREATE TABLE persons (
    id UUID NOT NULL PRIMARY KEY,
    area_code TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    search_name TEXT COLLATE "C" NOT NULL,
    gender TEXT CHECK (gender IN ('male', 'female')),
    birth_year INTEGER CHECK (birth_year BETWEEN 1900 AND 2100),
    phone_sealed BYTEA,
    phone_masked TEXT,
    phone_mark TEXT COLLATE "C",
    account_id UUID REFERENCES accounts (id),
    party_status TEXT NOT NULL CHECK (party_status IN ('none', 'probationary', 'formal')),
    veteran BOOLEAN NOT NULL,
    retired BOOLEAN NOT NULL,
    cadre BOOLEAN NOT NULL,
    skills JSONB NOT NULL,
    skill_index TEXT COLLATE "C" NOT NULL,
    self_registered BOOLEAN NOT NULL,
    synthetic BOOLEAN NOT NULL,
    closed_on DATE,
    close_reason TEXT CHECK (close_reason IN ('moved_away', 'deceased', 'duplicate', 'mistaken', 'erased')),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (length(area_code) IN (6, 9, 12, 17)),
    CHECK ((phone_sealed IS NULL) = (phone_masked IS NULL)),
    CHECK ((phone_sealed IS NULL) = (phone_mark IS NULL)),
    CHECK ((closed_on IS NULL) = (close_reason IS NULL)),
    -- 已删除: nothing of the person is left.
    CHECK (close_reason IS NULL OR close_reason <> 'erased' OR (phone_sealed IS NULL AND party_status = 'none'
        AND NOT veteran AND NOT retired AND NOT cadre AND gender IS NULL AND birth_year IS NULL AND skill_index = ''))
);
CREATE INDEX persons_area ON persons (area_code, id);
CREATE UNIQUE INDEX persons_account ON persons (account_id) WHERE closed_on IS NULL;
CREATE INDEX persons_mark ON persons (phone_mark) WHERE phone_mark IS NOT NULL;

-- 查看留痕: who opened a phone number, and what for (PIPL 44, 51). Never changed. One table for all of them, because an
-- hour has room for so many in all: of a person, or of a case that somebody reported who is in no register.
CREATE TABLE phone_accesses (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID REFERENCES persons (id),
    source_id UUID,
    purpose TEXT NOT NULL CHECK (purpose IN
        ('service_visit', 'emergency', 'verification', 'mediation', 'election', 'safety')),
    note TEXT NOT NULL,
    actor_id UUID NOT NULL,
    actor_role TEXT NOT NULL,
    actor_area TEXT COLLATE "C" NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    CHECK ((person_id IS NULL) <> (source_id IS NULL))
);
CREATE INDEX phone_accesses_person ON phone_accesses (person_id, id);
CREATE INDEX phone_accesses_source ON phone_accesses (source_id, id) WHERE source_id IS NOT NULL;
CREATE INDEX phone_accesses_actor ON phone_accesses (actor_id, at);

-- 居住关系. `area_code` is the room's code and follows it. An owner is verified by two different people, one of whom saw
-- the document; nobody verifies twice.
CREATE TABLE residencies (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    room_id UUID NOT NULL REFERENCES rooms (id),
    compound_id UUID NOT NULL REFERENCES compounds (id),
    area_code TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('owner', 'co_owner', 'tenant', 'family')),
    status TEXT NOT NULL CHECK (status IN ('applied', 'verified', 'rejected', 'withdrawn', 'ended')),
    self_claimed BOOLEAN NOT NULL,
    filed_by UUID,
    valid_from DATE NOT NULL,
    document_kind TEXT CHECK (document_kind IN
        ('deed', 'purchase_contract', 'court_ruling', 'inheritance', 'lease', 'household_register')),
    document_ref TEXT,
    checked_by UUID,
    checked_at TIMESTAMPTZ,
    checked_as TEXT CHECK (checked_as IN ('community', 'owners_committee')),
    confirmed_by UUID,
    confirmed_at TIMESTAMPTZ,
    confirmed_as TEXT CHECK (confirmed_as IN ('community', 'owners_committee')),
    confirm_note TEXT,
    decided_by UUID,
    reject_reason TEXT,
    ended_on DATE,
    end_reason TEXT CHECK (end_reason IN
        ('sold', 'moved_out', 'lease_ended', 'deceased', 'mistaken', 'person_closed', 'room_closed')),
    grant_id UUID REFERENCES role_grants (id),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (length(area_code) = 29),
    CHECK ((document_kind IS NULL) = (document_ref IS NULL)),
    CHECK ((checked_at IS NULL) = (checked_as IS NULL)),
    CHECK ((confirmed_at IS NULL) = (confirmed_as IS NULL)),
    CHECK (checked_by IS NULL OR confirmed_by IS NULL OR kind NOT IN ('owner', 'co_owner') OR checked_by <> confirmed_by),
    CHECK (status NOT IN ('verified', 'ended') OR checked_at IS NOT NULL OR confirmed_at IS NOT NULL),
    CHECK (status NOT IN ('verified', 'ended') OR kind NOT IN ('owner', 'co_owner')
        OR (checked_at IS NOT NULL AND confirmed_at IS NOT NULL AND document_ref IS NOT NULL)),
    CHECK ((status = 'rejected') = (reject_reason IS NOT NULL)),
    CHECK ((status = 'ended') = (ended_on IS NOT NULL)),
    CHECK ((ended_on IS NULL) = (end_reason IS NULL)),
    CHECK (ended_on IS NULL OR ended_on >= valid_from)
);
CREATE UNIQUE INDEX residencies_open ON residencies (person_id, room_id, kind) WHERE status IN ('applied', 'verified');
CREATE INDEX residencies_area ON residencies (area_code, id);
CREATE INDEX residencies_person ON residencies (person_id, id);
CREATE INDEX residencies_room ON residencies (room_id, status);
CREATE INDEX residencies_compound ON residencies (compound_id, person_id);

-- 党员发展阶段, each once and in order. No dues, no discipline, no thoughts (domain C10).
CREATE TABLE party_stages (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    stage TEXT NOT NULL CHECK (stage IN
        ('applicant', 'activist', 'development_object', 'probationary', 'formal')),
    reached_on DATE NOT NULL,
    recorded_by UUID,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (person_id, stage)
);

-- 在职党员进社区报到: one person, or the headcount of an employer's unit; in a community or one of its grids.
CREATE TABLE member_checkins (
    id UUID NOT NULL PRIMARY KEY,
    area_code TEXT COLLATE "C" NOT NULL,
    person_id UUID REFERENCES persons (id),
    employer_unit TEXT NOT NULL,
    headcount INTEGER NOT NULL CHECK (headcount BETWEEN 1 AND 100000),
    since DATE NOT NULL,
    ended_on DATE,
    recorded_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (length(area_code) IN (12, 15)),
    CHECK (person_id IS NULL OR headcount = 1),
    CHECK (ended_on IS NULL OR ended_on >= since)
);
CREATE INDEX member_checkins_area ON member_checkins (area_code, id);
CREATE UNIQUE INDEX member_checkins_person ON member_checkins (person_id, area_code)
    WHERE ended_on IS NULL AND person_id IS NOT NULL;
CREATE UNIQUE INDEX member_checkins_unit ON member_checkins (area_code, employer_unit)
    WHERE ended_on IS NULL AND person_id IS NULL;

-- 公开同意: one field, one audience, until it is withdrawn (PIPL 14, 15, 25; Volunteer Regulation 20).
CREATE TABLE publication_consents (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    area_code TEXT COLLATE "C" NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('compound', 'community')),
    field TEXT NOT NULL CHECK (field IN ('name', 'phone', 'door_no', 'skills')),
    purpose TEXT NOT NULL,
    paper_ref TEXT,
    recorded_by UUID,
    given_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    withdrawn_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (length(area_code) = CASE audience WHEN 'compound' THEN 17 ELSE 12 END)
);
CREATE UNIQUE INDEX publication_consents_standing ON publication_consents (person_id, area_code, field)
    WHERE withdrawn_at IS NULL;
CREATE INDEX publication_consents_area ON publication_consents (area_code, person_id);

-- 个人信息请求: to copy, correct or delete what is held (PIPL 45–47), answered with reasons (50).
CREATE TABLE data_requests (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    area_code TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('correction', 'deletion', 'copy')),
    wish TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'granted', 'refused')),
    due_on DATE NOT NULL,
    filed_by UUID NOT NULL,
    filed_at TIMESTAMPTZ NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK ((status = 'open') = (decided_at IS NULL)),
    CHECK ((status = 'open') = (reason IS NULL)),
    CHECK (decided_by IS NULL OR decided_by <> filed_by)
);
CREATE INDEX data_requests_area ON data_requests (area_code, id);
CREATE INDEX data_requests_person ON data_requests (person_id, id);
CREATE UNIQUE INDEX data_requests_open ON data_requests (person_id, kind) WHERE status = 'open';
