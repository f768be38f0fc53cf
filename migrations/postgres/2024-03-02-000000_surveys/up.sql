-- 问卷: a version is frozen by the first answer to it; what comes after is another version.
CREATE TABLE survey_forms (
    id UUID NOT NULL PRIMARY KEY,
    area_code TEXT COLLATE "C" NOT NULL,
    code TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    kind TEXT NOT NULL CHECK (kind IN ('satisfaction', 'demand', 'four_senses')),
    title TEXT NOT NULL,
    questions JSONB NOT NULL,
    frozen_at TIMESTAMPTZ,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (area_code, code, number)
);
CREATE INDEX survey_forms_area ON survey_forms (area_code, id);

-- 测评: a form put to those of one place, in a window, under rules that are pinned when it is published.
CREATE TABLE survey_rounds (
    id UUID NOT NULL PRIMARY KEY,
    form_id UUID NOT NULL REFERENCES survey_forms (id),
    kind TEXT NOT NULL CHECK (kind IN ('satisfaction', 'demand', 'four_senses')),
    area_code TEXT COLLATE "C" NOT NULL,
    compound_id UUID,
    contract_id UUID,
    company_id UUID,
    respondents TEXT NOT NULL CHECK (respondents IN ('owners', 'residents', 'three_party')),
    title TEXT NOT NULL,
    opens_at TIMESTAMPTZ NOT NULL,
    closes_at TIMESTAMPTZ NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('draft', 'published', 'open', 'closed', 'computed', 'invalid', 'publicised', 'final', 'cancelled')),
    status_reason TEXT,
    terms JSONB,
    rule_set_id UUID,
    frame JSONB,
    recheck_of UUID REFERENCES survey_rounds (id),
    n INTEGER CHECK (n >= 0),
    score_bp INTEGER CHECK (score_bp BETWEEN 0 AND 10000),
    outcome TEXT CHECK (outcome IN ('pass', 'fail', 'insufficient', 'annulled', 'no_verdict')),
    result JSONB,
    result_hash TEXT,
    computed_at TIMESTAMPTZ,
    publicity_id UUID UNIQUE REFERENCES publicities (id),
    finalised_at TIMESTAMPTZ,
    finalised_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (opens_at < closes_at),
    CHECK (recheck_of <> id),
    CHECK ((kind = 'satisfaction') = (company_id IS NOT NULL)),
    CHECK (company_id IS NULL OR compound_id IS NOT NULL),
    CHECK (kind = 'satisfaction' OR respondents <> 'three_party'),
    CHECK (status IN ('draft', 'cancelled') OR (terms IS NOT NULL AND frame IS NOT NULL)),
    CHECK ((result IS NULL) = (result_hash IS NULL)),
    CHECK ((result IS NULL) = (computed_at IS NULL)),
    CHECK ((status IN ('computed', 'invalid', 'publicised', 'final')) = (result IS NOT NULL)),
    CHECK (status <> 'final' OR (outcome IS NOT NULL AND outcome IN ('pass', 'fail', 'no_verdict') AND finalised_at IS NOT NULL)),
    CHECK (status <> 'invalid' OR (outcome IS NOT NULL AND outcome IN ('insufficient', 'annulled')))
);
CREATE INDEX survey_rounds_area ON survey_rounds (area_code, id);
CREATE INDEX survey_rounds_company ON survey_rounds (company_id, id) WHERE company_id IS NOT NULL;
CREATE INDEX survey_rounds_compound ON survey_rounds (compound_id, closes_at) WHERE compound_id IS NOT NULL;
CREATE INDEX survey_rounds_due ON survey_rounds (status, opens_at) WHERE status IN ('published', 'open');
-- One recheck at a time; one that said nothing makes room for another.
CREATE UNIQUE INDEX survey_rounds_recheck ON survey_rounds (recheck_of)
    WHERE recheck_of IS NOT NULL AND status NOT IN ('invalid', 'cancelled');

-- 邀请: the token itself is stored nowhere. One by each way and household or person.
CREATE TABLE survey_invitations (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL REFERENCES survey_rounds (id),
    party TEXT NOT NULL CHECK (party IN ('owners', 'residents')),
    subject_id UUID NOT NULL,
    stratum TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('mini_program', 'web')),
    token_hash TEXT NOT NULL UNIQUE,
    created_by UUID,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (round_id, subject_id, channel)
);

-- 已答登记: that a household or a person has answered, and nothing of when, where or how. No order of rows may tell either.
CREATE TABLE survey_claims (
    round_id UUID NOT NULL REFERENCES survey_rounds (id),
    party TEXT NOT NULL CHECK (party IN ('owners', 'residents', 'community', 'committee')),
    subject_id UUID NOT NULL,
    PRIMARY KEY (round_id, party, subject_id)
);

-- 答卷: what was answered, and nothing of by whom or when. The id is drawn at random.
CREATE TABLE survey_answers (
    round_id UUID NOT NULL REFERENCES survey_rounds (id),
    id UUID NOT NULL,
    party TEXT NOT NULL CHECK (party IN ('owners', 'residents', 'community', 'committee')),
    stratum TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('mini_program', 'web', 'account', 'phone')),
    answers JSONB NOT NULL,
    PRIMARY KEY (round_id, id)
);

-- 文字意见: apart from the marks that were given with it.
CREATE TABLE survey_comments (
    round_id UUID NOT NULL REFERENCES survey_rounds (id),
    id UUID NOT NULL,
    question TEXT,
    words TEXT NOT NULL,
    PRIMARY KEY (round_id, id)
);

-- 电话代录: how many answers somebody has entered, not whose.
CREATE TABLE survey_calls (
    round_id UUID NOT NULL REFERENCES survey_rounds (id),
    account_id UUID NOT NULL,
    entered INTEGER NOT NULL CHECK (entered > 0),
    PRIMARY KEY (round_id, account_id)
);

-- 测评后果: of a round that failed, step by step and each confirmed. It ends with a motion that may be made, never with one.
CREATE TABLE survey_consequences (
    id UUID NOT NULL PRIMARY KEY,
    round_id UUID NOT NULL UNIQUE REFERENCES survey_rounds (id),
    area_code TEXT COLLATE "C" NOT NULL,
    compound_id UUID NOT NULL,
    company_id UUID NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('proposed', 'rectifying', 'rechecking', 'rechecked', 'passed', 'motion_eligible', 'dropped')),
    proposed_by UUID,
    notice TEXT,
    notice_hash TEXT,
    notified_on DATE,
    due_on DATE,
    report TEXT,
    reported_at TIMESTAMPTZ,
    recheck_round_id UUID UNIQUE REFERENCES survey_rounds (id),
    recheck_outcome TEXT CHECK (recheck_outcome IN ('pass', 'fail')),
    confirmed_by UUID,
    concluded_by UUID,
    note TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (status IN ('proposed', 'dropped') OR
        (notice IS NOT NULL AND notice_hash IS NOT NULL AND notified_on IS NOT NULL AND due_on IS NOT NULL AND due_on > notified_on)),
    CHECK ((report IS NULL) = (reported_at IS NULL)),
    CHECK (status NOT IN ('rechecking', 'rechecked', 'passed', 'motion_eligible') OR recheck_round_id IS NOT NULL),
    CHECK ((status IN ('rechecked', 'passed', 'motion_eligible')) = (recheck_outcome IS NOT NULL)),
    CHECK (status <> 'passed' OR recheck_outcome = 'pass'),
    CHECK (status <> 'motion_eligible' OR recheck_outcome = 'fail')
);
CREATE INDEX survey_consequences_area ON survey_consequences (area_code, id);
CREATE INDEX survey_consequences_company ON survey_consequences (company_id, id);
