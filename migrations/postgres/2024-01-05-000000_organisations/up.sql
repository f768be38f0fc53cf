-- 组织. All the bodies that govern or serve a compound, as one tree; a parent's area covers the child's (held by the rules).
CREATE TABLE organisations (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('government_authority', 'residents_committee', 'party_org', 'property_company',
        'red_service_station', 'owners_committee', 'self_management_committee', 'residents_council', 'party_mass_council',
        'mutual_aid_association', 'co_located_unit', 'social_org', 'industry_association', 'court', 'service_provider',
        'supplier', 'employer', 'university', 'volunteer_squad')),
    party_kind TEXT CHECK (party_kind IN ('district_coord', 'street_work_committee', 'community_committee',
        'general_branch', 'big_committee', 'industry_committee', 'company_branch', 'joint_branch', 'affiliated_branch',
        'oc_branch', 'compound_branch', 'building_group', 'member_key_household')),
    name TEXT NOT NULL,
    search_name TEXT NOT NULL,
    uscc TEXT COLLATE "C" UNIQUE,
    area_code TEXT COLLATE "C" NOT NULL,
    parent_id UUID REFERENCES organisations (id),
    compound_id UUID REFERENCES compounds (id),
    status TEXT NOT NULL CHECK (status IN
        ('registered', 'founded', 'active', 'suspended', 'exiting', 'exited', 'dissolved')),
    details JSONB NOT NULL,
    founded_on DATE NOT NULL,
    ended_on DATE,
    status_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((kind = 'party_org') = (party_kind IS NOT NULL)),
    CHECK ((kind IN ('owners_committee', 'self_management_committee')) = (compound_id IS NOT NULL)),
    CHECK (CASE kind WHEN 'property_company' THEN status NOT IN ('founded', 'dissolved')
        ELSE status NOT IN ('registered', 'exiting', 'exited') END),
    CHECK ((status IN ('exited', 'dissolved')) = (ended_on IS NOT NULL)),
    CHECK (ended_on IS NULL OR ended_on >= founded_on),
    CHECK (length(uscc) = 18),
    CHECK (parent_id <> id)
);
CREATE UNIQUE INDEX organisations_committee ON organisations (compound_id) WHERE status <> 'dissolved';
CREATE INDEX organisations_area ON organisations (area_code, id);
CREATE INDEX organisations_kind ON organisations (kind, area_code);
CREATE INDEX organisations_parent ON organisations (parent_id, id);

-- 业委会/自管委任期: odd sizes (建房〔2009〕274号 art. 31); one running term per committee.
CREATE TABLE committee_terms (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    compound_id UUID NOT NULL REFERENCES compounds (id),
    area_code TEXT COLLATE "C" NOT NULL,
    seats INTEGER NOT NULL CHECK (seats >= 3 AND seats % 2 = 1),
    elected_on DATE NOT NULL,
    term_from DATE NOT NULL,
    term_to DATE NOT NULL,
    rule_set_id UUID REFERENCES rule_sets (id),
    filing_due DATE NOT NULL,
    filed_on DATE,
    filing_no TEXT,
    filed_by UUID,
    ended_on DATE,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (term_to > term_from AND term_from >= elected_on),
    CHECK (filing_due >= elected_on),
    CHECK ((filed_on IS NULL) = (filing_no IS NULL)),
    CHECK (ended_on IS NULL OR ended_on >= term_from)
);
CREATE UNIQUE INDEX committee_terms_running ON committee_terms (organisation_id) WHERE ended_on IS NULL;
CREATE INDEX committee_terms_area ON committee_terms (area_code, id);
CREATE INDEX committee_terms_compound ON committee_terms (compound_id);

-- 物业服务合同: at most one in force per compound (物业管理条例 art. 33).
CREATE TABLE service_contracts (
    id UUID NOT NULL PRIMARY KEY,
    company_id UUID NOT NULL REFERENCES organisations (id),
    compound_id UUID NOT NULL REFERENCES compounds (id),
    area_code TEXT COLLATE "C" NOT NULL,
    term_kind TEXT NOT NULL CHECK (term_kind IN ('fixed', 'indefinite')),
    starts_on DATE NOT NULL,
    ends_on DATE,
    price_fen BIGINT CHECK (price_fen >= 0),
    star_tier INTEGER CHECK (star_tier BETWEEN 0 AND 5),
    commitments JSONB NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('draft', 'submitted', 'active', 'notice_given', 'handover', 'ended', 'withdrawn')),
    status_note TEXT,
    submitted_by UUID,
    submitted_at TIMESTAMPTZ,
    filed_by UUID,
    filed_on DATE,
    filing_no TEXT,
    notice_by TEXT CHECK (notice_by IN ('owners', 'company')),
    notice_on DATE,
    notice_basis TEXT,
    effective_on DATE,
    handover JSONB NOT NULL,
    ended_on DATE,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((term_kind = 'fixed') = (ends_on IS NOT NULL)),
    CHECK (ends_on IS NULL OR ends_on >= starts_on),
    CHECK (filed_by <> submitted_by),
    CHECK (status IN ('draft', 'submitted', 'withdrawn') OR (filed_on IS NOT NULL AND filing_no IS NOT NULL)),
    CHECK (status NOT IN ('notice_given', 'handover', 'ended') OR (notice_on IS NOT NULL AND effective_on > notice_on)),
    CHECK ((status = 'ended') = (ended_on IS NOT NULL)),
    CHECK (ended_on IS NULL OR ended_on >= effective_on)
);
CREATE UNIQUE INDEX service_contracts_in_force ON service_contracts (compound_id)
    WHERE status IN ('active', 'notice_given', 'handover');
CREATE INDEX service_contracts_area ON service_contracts (area_code, id);
CREATE INDEX service_contracts_company ON service_contracts (company_id, area_code);
CREATE INDEX service_contracts_compound ON service_contracts (compound_id, starts_on);

-- Territory's own note of the contract in force, written with it.
ALTER TABLE compounds ADD COLUMN serving_contract_id UUID;

-- 党的组织覆盖与工作覆盖: how the Party reaches a company or a committee, from when to when.
CREATE TABLE party_coverages (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    formal_members INTEGER NOT NULL CHECK (formal_members >= 0),
    coverage TEXT NOT NULL CHECK (coverage IN ('own', 'joint', 'affiliated', 'instructor_only', 'none')),
    party_org_id UUID REFERENCES organisations (id),
    valid_from DATE NOT NULL,
    valid_to DATE,
    note TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((coverage IN ('own', 'joint', 'affiliated')) = (party_org_id IS NOT NULL)),
    CHECK (coverage <> 'own' OR formal_members >= 3),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);
CREATE UNIQUE INDEX party_coverages_open ON party_coverages (organisation_id) WHERE valid_to IS NULL;
CREATE INDEX party_coverages_area ON party_coverages (area_code, id);
CREATE INDEX party_coverages_party_org ON party_coverages (party_org_id);

-- 党建指导员: person × company, one open link per pair.
CREATE TABLE instructor_links (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    company_id UUID NOT NULL REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    valid_from DATE NOT NULL,
    ended_on DATE,
    end_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (ended_on IS NULL OR ended_on >= valid_from)
);
CREATE UNIQUE INDEX instructor_links_open ON instructor_links (person_id, company_id) WHERE ended_on IS NULL;
CREATE INDEX instructor_links_area ON instructor_links (area_code, id);
CREATE INDEX instructor_links_company ON instructor_links (company_id);

-- 党建共建
CREATE TABLE partnerships (
    id UUID NOT NULL PRIMARY KEY,
    area_code TEXT COLLATE "C" NOT NULL,
    title TEXT NOT NULL,
    topics JSONB NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    ended_on DATE,
    end_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (ends_on IS NULL OR ends_on >= starts_on),
    CHECK (ended_on IS NULL OR ended_on >= starts_on)
);
CREATE INDEX partnerships_area ON partnerships (area_code, id);
CREATE TABLE partnership_parties (
    partnership_id UUID NOT NULL REFERENCES partnerships (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (partnership_id, organisation_id)
);
CREATE INDEX partnership_parties_organisation ON partnership_parties (organisation_id);

-- 三岗: 示范岗, 先锋岗 and 责任区 are three counts that are never added up.
CREATE TABLE post_areas (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('demonstration_post', 'pioneer_post', 'responsibility_area')),
    name TEXT NOT NULL,
    area_code TEXT COLLATE "C" NOT NULL,
    organisation_id UUID REFERENCES organisations (id),
    opened_on DATE NOT NULL,
    ended_on DATE,
    end_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (ended_on IS NULL OR ended_on >= opened_on)
);
CREATE INDEX post_areas_area ON post_areas (area_code, id);

-- 供应商: whom a company buys from, for conflicts of interest.
CREATE TABLE supplier_links (
    id UUID NOT NULL PRIMARY KEY,
    company_id UUID NOT NULL REFERENCES organisations (id),
    supplier_id UUID NOT NULL REFERENCES organisations (id),
    area_code TEXT COLLATE "C" NOT NULL,
    services TEXT NOT NULL,
    valid_from DATE NOT NULL,
    ended_on DATE,
    end_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (company_id <> supplier_id),
    CHECK (ended_on IS NULL OR ended_on >= valid_from)
);
CREATE UNIQUE INDEX supplier_links_open ON supplier_links (company_id, supplier_id) WHERE ended_on IS NULL;
CREATE INDEX supplier_links_area ON supplier_links (area_code, id);
CREATE INDEX supplier_links_supplier ON supplier_links (supplier_id);
