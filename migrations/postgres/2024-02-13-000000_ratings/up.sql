-- 评定办法: a scheme in versions. A published one is never changed, which the triggers below hold as well.
CREATE TABLE rating_schemes (
    id UUID NOT NULL PRIMARY KEY,
    area_code TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    demo BOOLEAN NOT NULL,
    terms JSONB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published')),
    created_by UUID,
    published_at TIMESTAMPTZ,
    published_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (area_code, number),
    CHECK ((status = 'published') = (published_at IS NOT NULL))
);

-- 指标: what an assessor gives points for, at most so many; a veto indicator may void the rating.
CREATE TABLE rating_indicators (
    id UUID NOT NULL PRIMARY KEY,
    scheme_id UUID NOT NULL REFERENCES rating_schemes (id),
    position INTEGER NOT NULL CHECK (position > 0),
    code TEXT NOT NULL,
    dimension TEXT NOT NULL CHECK (dimension IN ('organisation', 'team', 'service', 'operation', 'image')),
    words TEXT NOT NULL,
    max_points INTEGER NOT NULL CHECK (max_points BETWEEN 1 AND 1000),
    evidence TEXT NOT NULL CHECK (evidence IN ('document', 'photo', 'record', 'visit', 'none')),
    veto BOOLEAN NOT NULL,
    by_authority BOOLEAN NOT NULL,
    by_association BOOLEAN NOT NULL,
    by_peer BOOLEAN NOT NULL,
    UNIQUE (scheme_id, code),
    UNIQUE (scheme_id, position),
    CHECK (by_authority OR by_association OR by_peer)
);

-- 评定批次: one per area and quarter, under one version of the scheme.
CREATE TABLE rating_campaigns (
    id UUID NOT NULL PRIMARY KEY,
    scheme_id UUID NOT NULL REFERENCES rating_schemes (id),
    area_code TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    quarter SMALLINT NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'claiming', 'assessing', 'collated', 'publicity', 'appeals', 'final', 'monitoring', 'closed')),
    recorded BOOLEAN NOT NULL,
    rule_set_id UUID REFERENCES rule_sets (id),
    publicity_days INTEGER NOT NULL CHECK (publicity_days >= 7),
    appeal_days INTEGER NOT NULL CHECK (appeal_days > 0),
    publicity_id UUID UNIQUE REFERENCES publicities (id),
    objections_upheld INTEGER NOT NULL CHECK (objections_upheld >= 0),
    appeals_until DATE,
    opened_at TIMESTAMPTZ,
    collated_at TIMESTAMPTZ,
    confirmed_at TIMESTAMPTZ,
    confirmed_by UUID,
    created_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (area_code, year, quarter),
    CHECK (status IN ('draft', 'claiming', 'assessing') OR collated_at IS NOT NULL),
    CHECK (status NOT IN ('final', 'monitoring', 'closed') OR confirmed_at IS NOT NULL),
    CHECK (status <> 'appeals' OR appeals_until IS NOT NULL)
);
CREATE INDEX rating_campaigns_area ON rating_campaigns (area_code, id);
CREATE INDEX rating_campaigns_scheme ON rating_campaigns (scheme_id);

-- 参评项目: a compound with the company that served it when the campaign was opened; once a quarter, whoever rates it.
CREATE TABLE rating_projects (
    id UUID NOT NULL PRIMARY KEY,
    campaign_id UUID NOT NULL REFERENCES rating_campaigns (id),
    compound_id UUID NOT NULL REFERENCES compounds (id),
    company_id UUID REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL,
    quarter SMALLINT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (campaign_id, compound_id),
    UNIQUE (compound_id, year, quarter)
);
CREATE INDEX rating_projects_area ON rating_projects (area_code, id);
CREATE INDEX rating_projects_campaign ON rating_projects (campaign_id, id);

-- 对标认领: what a company claims for a project, with its own points, which are shown and never counted.
CREATE TABLE rating_claims (
    id UUID NOT NULL PRIMARY KEY,
    project_id UUID NOT NULL REFERENCES rating_projects (id),
    campaign_id UUID NOT NULL REFERENCES rating_campaigns (id),
    company_id UUID NOT NULL REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    target_star SMALLINT NOT NULL CHECK (target_star BETWEEN 1 AND 5),
    charged_fen BIGINT NOT NULL CHECK (charged_fen >= 0),
    self_points JSONB NOT NULL,
    self_score INTEGER CHECK (self_score BETWEEN 0 AND 10000),
    evidence JSONB NOT NULL,
    note TEXT,
    status TEXT NOT NULL CHECK (status IN ('submitted', 'withdrawn')),
    withdraw_reason TEXT,
    claimed_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((status = 'withdrawn') = (withdraw_reason IS NOT NULL))
);
CREATE UNIQUE INDEX rating_claims_once ON rating_claims (project_id) WHERE status = 'submitted';
CREATE INDEX rating_claims_area ON rating_claims (area_code, id);
CREATE INDEX rating_claims_campaign ON rating_claims (campaign_id, id);

-- 评分人: an account on one panel of a campaign.
CREATE TABLE rating_assessors (
    id UUID NOT NULL PRIMARY KEY,
    campaign_id UUID NOT NULL REFERENCES rating_campaigns (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    panel TEXT NOT NULL CHECK (panel IN ('authority', 'association', 'peer')),
    assigned_by UUID,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (campaign_id, account_id)
);
CREATE INDEX rating_assessors_account ON rating_assessors (account_id);

-- 评分任务: which projects an assessor scores. In a review of an appeal, only that one.
CREATE TABLE rating_assignments (
    assessor_id UUID NOT NULL REFERENCES rating_assessors (id),
    project_id UUID NOT NULL REFERENCES rating_projects (id),
    round TEXT NOT NULL CHECK (round IN ('first', 'review')),
    PRIMARY KEY (assessor_id, project_id)
);
CREATE INDEX rating_assignments_project ON rating_assignments (project_id);

-- 评分表: one per project and assessor; submitted is frozen.
CREATE TABLE rating_sheets (
    id UUID NOT NULL PRIMARY KEY,
    project_id UUID NOT NULL REFERENCES rating_projects (id),
    campaign_id UUID NOT NULL REFERENCES rating_campaigns (id),
    assessor_id UUID NOT NULL REFERENCES rating_assessors (id),
    panel TEXT NOT NULL CHECK (panel IN ('authority', 'association', 'peer')),
    round TEXT NOT NULL CHECK (round IN ('first', 'review')),
    status TEXT NOT NULL CHECK (status IN ('draft', 'submitted')),
    submitted_at TIMESTAMPTZ,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (project_id, assessor_id),
    CHECK ((status = 'submitted') = (submitted_at IS NOT NULL))
);
CREATE INDEX rating_sheets_campaign ON rating_sheets (campaign_id, id);
CREATE INDEX rating_sheets_assessor ON rating_sheets (assessor_id, id);

-- 评分: no points is 不适用.
CREATE TABLE rating_points (
    sheet_id UUID NOT NULL REFERENCES rating_sheets (id),
    indicator_id UUID NOT NULL REFERENCES rating_indicators (id),
    points INTEGER CHECK (points >= 0),
    vetoed BOOLEAN NOT NULL,
    note TEXT,
    PRIMARY KEY (sheet_id, indicator_id)
);

-- 事实: what caps a star, and the owners' satisfaction until the surveys bring it; each with its source.
CREATE TABLE rating_facts (
    id UUID NOT NULL PRIMARY KEY,
    project_id UUID NOT NULL REFERENCES rating_projects (id),
    area_code TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('red_line', 'disclosures_incomplete', 'satisfaction')),
    ground TEXT CHECK (ground IN ('fire_safety_accident', 'utilities_stopped', 'fund_misuse', 'forged_disclosure')),
    occurred_on DATE NOT NULL,
    score INTEGER CHECK (score BETWEEN 0 AND 10000),
    responses INTEGER CHECK (responses > 0),
    source TEXT NOT NULL,
    recorded_by UUID,
    struck_at TIMESTAMPTZ,
    struck_by UUID,
    strike_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((kind = 'red_line') = (ground IS NOT NULL)),
    CHECK ((kind = 'satisfaction') = (score IS NOT NULL)),
    CHECK ((kind = 'satisfaction') = (responses IS NOT NULL)),
    CHECK ((struck_at IS NULL) = (strike_reason IS NULL))
);
CREATE UNIQUE INDEX rating_facts_once ON rating_facts (project_id, kind) WHERE struck_at IS NULL AND kind <> 'red_line';
CREATE INDEX rating_facts_project ON rating_facts (project_id, id);
CREATE INDEX rating_facts_area ON rating_facts (area_code, id);

-- 评定结果: of one project, made when its campaign is collated. Scores in basis points.
CREATE TABLE rating_results (
    id UUID NOT NULL PRIMARY KEY,
    project_id UUID NOT NULL UNIQUE REFERENCES rating_projects (id),
    campaign_id UUID NOT NULL REFERENCES rating_campaigns (id),
    compound_id UUID NOT NULL REFERENCES compounds (id),
    company_id UUID REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL,
    quarter SMALLINT NOT NULL,
    recorded BOOLEAN NOT NULL,
    authority_score INTEGER CHECK (authority_score BETWEEN 0 AND 10000),
    association_score INTEGER CHECK (association_score BETWEEN 0 AND 10000),
    peer_score INTEGER CHECK (peer_score BETWEEN 0 AND 10000),
    satisfaction_score INTEGER CHECK (satisfaction_score BETWEEN 0 AND 10000),
    score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10000),
    earned_star SMALLINT NOT NULL CHECK (earned_star BETWEEN 0 AND 5),
    stars SMALLINT NOT NULL CHECK (stars BETWEEN 0 AND 5),
    caps JSONB NOT NULL,
    revised_at TIMESTAMPTZ,
    confirmed_at TIMESTAMPTZ,
    downgraded_at TIMESTAMPTZ,
    downgrade_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (compound_id, year, quarter),
    CHECK (stars <= earned_star),
    CHECK ((downgraded_at IS NULL) = (downgrade_reason IS NULL)),
    CHECK (downgraded_at IS NULL OR confirmed_at IS NOT NULL)
);
CREATE INDEX rating_results_area ON rating_results (area_code, id);
CREATE INDEX rating_results_quarter ON rating_results (year, quarter, area_code);
CREATE INDEX rating_results_campaign ON rating_results (campaign_id, id);

-- 申诉: once per result, reviewed by others than those who scored it.
CREATE TABLE rating_appeals (
    id UUID NOT NULL PRIMARY KEY,
    result_id UUID NOT NULL UNIQUE REFERENCES rating_results (id),
    project_id UUID NOT NULL REFERENCES rating_projects (id),
    campaign_id UUID NOT NULL REFERENCES rating_campaigns (id),
    area_code TEXT COLLATE "C" NOT NULL,
    grounds TEXT NOT NULL,
    evidence TEXT,
    ex_officio BOOLEAN NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('raised', 'upheld', 'revised')),
    raised_by UUID,
    raised_at TIMESTAMPTZ NOT NULL,
    contested JSONB NOT NULL,
    decision TEXT,
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((status = 'raised') = (decided_at IS NULL)),
    CHECK ((decided_at IS NULL) = (decision IS NULL))
);
CREATE INDEX rating_appeals_area ON rating_appeals (area_code, id);
CREATE INDEX rating_appeals_campaign ON rating_appeals (campaign_id, id);

-- 确认星级: written down to the compound by the campaign that confirmed it.
ALTER TABLE compounds ADD COLUMN confirmed_star SMALLINT CHECK (confirmed_star BETWEEN 0 AND 5);
ALTER TABLE compounds ADD COLUMN star_as_of DATE;
ALTER TABLE compounds ADD COLUMN star_result_id UUID;

-- What is published or submitted stays as it is.
CREATE FUNCTION rating_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen', TG_TABLE_NAME;
END $$;
CREATE FUNCTION rating_indicator_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM rating_schemes WHERE id = OLD.scheme_id) = 'published' THEN
        RAISE EXCEPTION 'an indicator of a published scheme is not changed';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION rating_point_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM rating_sheets WHERE id = OLD.sheet_id) = 'submitted' THEN
        RAISE EXCEPTION 'the points of a submitted sheet are not changed';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER rating_schemes_frozen BEFORE UPDATE OR DELETE ON rating_schemes
    FOR EACH ROW WHEN (OLD.status = 'published') EXECUTE FUNCTION rating_frozen();
CREATE TRIGGER rating_indicators_frozen BEFORE UPDATE OR DELETE ON rating_indicators
    FOR EACH ROW EXECUTE FUNCTION rating_indicator_frozen();
CREATE TRIGGER rating_sheets_frozen BEFORE UPDATE OR DELETE ON rating_sheets
    FOR EACH ROW WHEN (OLD.status = 'submitted') EXECUTE FUNCTION rating_frozen();
CREATE TRIGGER rating_points_frozen BEFORE UPDATE OR DELETE ON rating_points
    FOR EACH ROW EXECUTE FUNCTION rating_point_frozen();
