-- 标准清单: one row a version. A version is written while it is a draft; from its publication on nothing of it changes but its state.
CREATE TABLE checklists (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('red40', 'service15', 'routine15', 'special10', 'six_haves', 'five_disclosures',
        'smart_pilot')),
    code TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    area_code TEXT COLLATE "C" NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'superseded')),
    published_at TIMESTAMPTZ,
    published_by UUID,
    superseded_at TIMESTAMPTZ,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((status = 'draft') = (published_at IS NULL)),
    CHECK ((status = 'superseded') = (superseded_at IS NOT NULL))
);
CREATE UNIQUE INDEX checklists_number ON checklists (area_code, code, number);
CREATE UNIQUE INDEX checklists_draft ON checklists (area_code, code) WHERE status = 'draft';
CREATE UNIQUE INDEX checklists_published ON checklists (area_code, code) WHERE status = 'published';
CREATE INDEX checklists_area ON checklists (area_code, id);

-- 清单项. `official` where the published source lists the words; everything else is a demo text.
CREATE TABLE checklist_items (
    id UUID NOT NULL PRIMARY KEY,
    checklist_id UUID NOT NULL REFERENCES checklists (id),
    position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 100),
    code TEXT NOT NULL,
    words TEXT NOT NULL,
    words_en TEXT,
    weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000),
    evidence_required BOOLEAN NOT NULL,
    official BOOLEAN NOT NULL,
    UNIQUE (checklist_id, position),
    UNIQUE (checklist_id, code)
);

-- 检查: a version of a checklist at a compound, or at the organisation that serves there. Its counts are kept as results come in.
CREATE TABLE check_runs (
    id UUID NOT NULL PRIMARY KEY,
    checklist_id UUID NOT NULL REFERENCES checklists (id),
    kind TEXT NOT NULL,
    compound_id UUID NOT NULL REFERENCES compounds (id),
    organisation_id UUID REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    checked_on DATE NOT NULL,
    checked_by UUID,
    note TEXT,
    status TEXT NOT NULL CHECK (status IN ('draft', 'submitted')),
    submitted_at TIMESTAMPTZ,
    rule_set_id UUID REFERENCES rule_sets (id),
    partial_percent INTEGER NOT NULL CHECK (partial_percent BETWEEN 0 AND 100),
    passed INTEGER NOT NULL CHECK (passed >= 0),
    partial INTEGER NOT NULL CHECK (partial >= 0),
    failed INTEGER NOT NULL CHECK (failed >= 0),
    not_applicable INTEGER NOT NULL CHECK (not_applicable >= 0),
    numerator BIGINT NOT NULL CHECK (numerator >= 0),
    denominator BIGINT NOT NULL CHECK (denominator >= numerator),
    score INTEGER CHECK (score BETWEEN 0 AND 10000),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((status = 'submitted') = (submitted_at IS NOT NULL)),
    CHECK ((denominator = 0) = (score IS NULL))
);
CREATE INDEX check_runs_area ON check_runs (area_code, id);
CREATE INDEX check_runs_latest ON check_runs (compound_id, kind, checked_on, id) WHERE status = 'submitted';
CREATE INDEX check_runs_kind ON check_runs (kind, id);
CREATE INDEX check_runs_checklist ON check_runs (checklist_id);

CREATE TABLE check_results (
    run_id UUID NOT NULL REFERENCES check_runs (id),
    item_id UUID NOT NULL REFERENCES checklist_items (id),
    result TEXT NOT NULL CHECK (result IN ('pass', 'partial', 'fail', 'na')),
    note TEXT,
    PRIMARY KEY (run_id, item_id)
);

-- 检查佐证照片: the bytes are in the storage.
CREATE TABLE check_evidence (
    id UUID NOT NULL PRIMARY KEY,
    run_id UUID NOT NULL REFERENCES check_runs (id),
    item_id UUID NOT NULL REFERENCES checklist_items (id),
    media TEXT NOT NULL CHECK (media IN ('jpeg', 'png', 'webp')),
    storage_key TEXT NOT NULL UNIQUE,
    thumbnail_key TEXT UNIQUE,
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    width INTEGER,
    height INTEGER,
    sha256 TEXT NOT NULL,
    added_by UUID,
    removed_at TIMESTAMPTZ,
    removed_by UUID,
    remove_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK ((removed_at IS NULL) = (remove_reason IS NULL))
);
CREATE UNIQUE INDEX check_evidence_once ON check_evidence (run_id, item_id, sha256) WHERE removed_at IS NULL;
CREATE INDEX check_evidence_run ON check_evidence (run_id, id);

-- 承诺: published it is a part of the service contract (Civil Code 938). Who reports it done does not confirm it.
CREATE TABLE service_commitments (
    id UUID NOT NULL PRIMARY KEY,
    company_id UUID NOT NULL REFERENCES organisations (id),
    compound_id UUID NOT NULL REFERENCES compounds (id),
    area_code TEXT COLLATE "C" NOT NULL,
    contract_id UUID REFERENCES service_contracts (id),
    words TEXT NOT NULL,
    measurable BOOLEAN NOT NULL,
    measure TEXT,
    due_on DATE NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'reported', 'fulfilled', 'withdrawn')),
    published_at TIMESTAMPTZ,
    evidence TEXT,
    reported_on DATE,
    reported_by UUID,
    confirm_note TEXT,
    confirmed_by UUID,
    confirmed_at TIMESTAMPTZ,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (measurable = (measure IS NOT NULL)),
    CHECK ((status IN ('draft', 'withdrawn')) = (published_at IS NULL)),
    CHECK ((status IN ('reported', 'fulfilled')) = (reported_on IS NOT NULL)),
    CHECK ((reported_on IS NULL) = (evidence IS NULL)),
    CHECK ((status = 'fulfilled') = (confirmed_at IS NOT NULL)),
    CHECK (confirmed_by <> reported_by)
);
CREATE INDEX service_commitments_area ON service_commitments (area_code, id);
CREATE INDEX service_commitments_company ON service_commitments (company_id, id);
CREATE INDEX service_commitments_due ON service_commitments (area_code, due_on);

-- 周反馈: what the company is asked in a week, and what it answers before the month closes.
CREATE TABLE weekly_items (
    id UUID NOT NULL PRIMARY KEY,
    compound_id UUID NOT NULL REFERENCES compounds (id),
    company_id UUID NOT NULL REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    raised_on DATE NOT NULL,
    words TEXT NOT NULL,
    raised_by UUID,
    answer TEXT,
    answered_on DATE,
    answered_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((answer IS NULL) = (answered_on IS NULL)),
    CHECK (answered_on >= raised_on)
);
CREATE INDEX weekly_items_area ON weekly_items (area_code, id);
CREATE INDEX weekly_items_month ON weekly_items (compound_id, company_id, raised_on);

-- 月评比、季通报、年考核: frozen as they are made, with their hash; a wrong one is withdrawn and made again.
CREATE TABLE assessments (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('monthly_rating', 'quarterly_circular', 'annual_assessment')),
    compound_id UUID NOT NULL REFERENCES compounds (id),
    company_id UUID NOT NULL REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    period INTEGER NOT NULL,
    score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10000),
    snapshot JSONB NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    status TEXT NOT NULL CHECK (status IN ('standing', 'withdrawn')),
    status_reason TEXT,
    publicity_id UUID UNIQUE REFERENCES publicities (id),
    posting_ended_at TIMESTAMPTZ,
    made_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (period BETWEEN 1 AND CASE kind WHEN 'monthly_rating' THEN 12 WHEN 'quarterly_circular' THEN 4 ELSE 1 END),
    CHECK ((status = 'withdrawn') = (status_reason IS NOT NULL)),
    CHECK (kind = 'quarterly_circular' OR publicity_id IS NULL),
    CHECK (publicity_id IS NOT NULL OR posting_ended_at IS NULL)
);
CREATE UNIQUE INDEX assessments_standing ON assessments (compound_id, company_id, kind, year, period) WHERE status = 'standing';
CREATE INDEX assessments_area ON assessments (area_code, id);

-- 红线扣分
CREATE TABLE red_line_deductions (
    id UUID NOT NULL PRIMARY KEY,
    compound_id UUID NOT NULL REFERENCES compounds (id),
    company_id UUID NOT NULL REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    happened_on DATE NOT NULL,
    ground TEXT NOT NULL CHECK (ground IN ('fire_safety_accident', 'utilities_stopped', 'fund_misuse', 'forged_disclosure')),
    points INTEGER NOT NULL CHECK (points BETWEEN 1 AND 10000),
    rule_set_id UUID REFERENCES rule_sets (id),
    evidence TEXT NOT NULL,
    recorded_by UUID,
    revoked_at TIMESTAMPTZ,
    revoke_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
);
CREATE UNIQUE INDEX red_line_deductions_once ON red_line_deductions (compound_id, company_id, ground, happened_on)
    WHERE revoked_at IS NULL;
CREATE INDEX red_line_deductions_area ON red_line_deductions (area_code, id);

-- 目标责任书: fixed from the first signature on; the two who sign are of the two parties.
CREATE TABLE target_contracts (
    id UUID NOT NULL PRIMARY KEY,
    compound_id UUID NOT NULL REFERENCES compounds (id),
    company_id UUID NOT NULL REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'half_signed', 'signed', 'settled')),
    community_signed_by UUID,
    community_signed_at TIMESTAMPTZ,
    company_signed_by UUID,
    company_signed_at TIMESTAMPTZ,
    settled_at TIMESTAMPTZ,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((status = 'draft') = (community_signed_at IS NULL AND company_signed_at IS NULL)),
    CHECK ((status IN ('signed', 'settled')) = (community_signed_at IS NOT NULL AND company_signed_at IS NOT NULL)),
    CHECK ((status = 'settled') = (settled_at IS NOT NULL)),
    CHECK (community_signed_by <> company_signed_by)
);
CREATE UNIQUE INDEX target_contracts_year ON target_contracts (compound_id, company_id, year);
CREATE INDEX target_contracts_area ON target_contracts (area_code, id);

-- 指标: a share has its target in basis points, a number as it is.
CREATE TABLE target_indicators (
    contract_id UUID NOT NULL REFERENCES target_contracts (id),
    position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 50),
    name TEXT NOT NULL,
    unit TEXT NOT NULL CHECK (unit IN ('percent', 'count')),
    direction TEXT NOT NULL CHECK (direction IN ('at_least', 'at_most')),
    target BIGINT NOT NULL CHECK (target >= 0),
    numerator BIGINT CHECK (numerator >= 0),
    denominator BIGINT CHECK (denominator >= 0),
    evidence TEXT,
    PRIMARY KEY (contract_id, position),
    CHECK ((numerator IS NULL) = (denominator IS NULL)),
    CHECK ((numerator IS NULL) = (evidence IS NULL)),
    CHECK (unit <> 'count' OR denominator = 1)
);

-- What is fixed stays fixed, whoever asks the database.
CREATE FUNCTION standards_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: fixed', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER checklists_fixed BEFORE UPDATE ON checklists FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (NEW.kind IS DISTINCT FROM OLD.kind OR NEW.code IS DISTINCT FROM OLD.code
        OR NEW.number IS DISTINCT FROM OLD.number OR NEW.title IS DISTINCT FROM OLD.title
        OR NEW.source IS DISTINCT FROM OLD.source OR NEW.published_at IS DISTINCT FROM OLD.published_at
        OR (NEW.status = 'draft')))
    EXECUTE FUNCTION standards_refuse();

CREATE TRIGGER check_runs_fixed BEFORE UPDATE ON check_runs FOR EACH ROW
    WHEN (OLD.status = 'submitted' AND (NEW.checklist_id IS DISTINCT FROM OLD.checklist_id
        OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.compound_id IS DISTINCT FROM OLD.compound_id
        OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id OR NEW.checked_on IS DISTINCT FROM OLD.checked_on
        OR NEW.checked_by IS DISTINCT FROM OLD.checked_by OR NEW.note IS DISTINCT FROM OLD.note
        OR NEW.partial_percent IS DISTINCT FROM OLD.partial_percent OR NEW.passed IS DISTINCT FROM OLD.passed
        OR NEW.partial IS DISTINCT FROM OLD.partial OR NEW.failed IS DISTINCT FROM OLD.failed
        OR NEW.not_applicable IS DISTINCT FROM OLD.not_applicable OR NEW.numerator IS DISTINCT FROM OLD.numerator
        OR NEW.denominator IS DISTINCT FROM OLD.denominator OR NEW.score IS DISTINCT FROM OLD.score
        OR NEW.submitted_at IS DISTINCT FROM OLD.submitted_at OR (NEW.status <> 'submitted')))
    EXECUTE FUNCTION standards_refuse();

CREATE TRIGGER service_commitments_fixed BEFORE UPDATE ON service_commitments FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (NEW.company_id IS DISTINCT FROM OLD.company_id
        OR NEW.compound_id IS DISTINCT FROM OLD.compound_id OR NEW.words IS DISTINCT FROM OLD.words
        OR NEW.measurable IS DISTINCT FROM OLD.measurable OR NEW.measure IS DISTINCT FROM OLD.measure
        OR NEW.due_on IS DISTINCT FROM OLD.due_on OR NEW.published_at IS DISTINCT FROM OLD.published_at
        OR (NEW.status = 'draft')))
    EXECUTE FUNCTION standards_refuse();

CREATE TRIGGER assessments_fixed BEFORE UPDATE ON assessments FOR EACH ROW
    WHEN ((NEW.kind IS DISTINCT FROM OLD.kind OR NEW.compound_id IS DISTINCT FROM OLD.compound_id
        OR NEW.company_id IS DISTINCT FROM OLD.company_id OR NEW.year IS DISTINCT FROM OLD.year
        OR NEW.period IS DISTINCT FROM OLD.period OR NEW.score IS DISTINCT FROM OLD.score
        OR NEW.snapshot IS DISTINCT FROM OLD.snapshot OR NEW.content_hash IS DISTINCT FROM OLD.content_hash
        OR (OLD.status = 'withdrawn' AND NEW.status <> 'withdrawn')))
    EXECUTE FUNCTION standards_refuse();

CREATE TRIGGER target_contracts_fixed BEFORE UPDATE ON target_contracts FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (NEW.compound_id IS DISTINCT FROM OLD.compound_id
        OR NEW.company_id IS DISTINCT FROM OLD.company_id OR NEW.year IS DISTINCT FROM OLD.year
        OR NEW.title IS DISTINCT FROM OLD.title OR (NEW.status = 'draft')))
    EXECUTE FUNCTION standards_refuse();

CREATE FUNCTION checklist_items_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.checklist_id <> OLD.checklist_id THEN
        RAISE EXCEPTION 'checklist_items: fixed' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT status <> 'draft' FROM checklists WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.checklist_id ELSE NEW.checklist_id END) THEN
        RAISE EXCEPTION 'checklist_items: fixed' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checklist_items_fixed BEFORE INSERT OR UPDATE OR DELETE ON checklist_items FOR EACH ROW
    EXECUTE FUNCTION checklist_items_check();

CREATE FUNCTION check_results_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.run_id <> OLD.run_id THEN
        RAISE EXCEPTION 'check_results: fixed' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT status = 'submitted' FROM check_runs WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.run_id ELSE NEW.run_id END) THEN
        RAISE EXCEPTION 'check_results: fixed' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_results_fixed BEFORE INSERT OR UPDATE OR DELETE ON check_results FOR EACH ROW
    EXECUTE FUNCTION check_results_check();

CREATE FUNCTION target_indicators_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT (NEW.contract_id IS DISTINCT FROM OLD.contract_id
        OR NEW.position IS DISTINCT FROM OLD.position OR NEW.name IS DISTINCT FROM OLD.name
        OR NEW.unit IS DISTINCT FROM OLD.unit OR NEW.direction IS DISTINCT FROM OLD.direction
        OR NEW.target IS DISTINCT FROM OLD.target) THEN
        RETURN NEW;
    END IF;
    IF (SELECT status <> 'draft' FROM target_contracts WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.contract_id ELSE NEW.contract_id END) THEN
        RAISE EXCEPTION 'target_indicators: fixed' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER target_indicators_fixed BEFORE INSERT OR UPDATE OR DELETE ON target_indicators FOR EACH ROW
    EXECUTE FUNCTION target_indicators_check();
