-- 账号. `area_code` is the area that looks after the account, not where its holder may act.
CREATE TABLE accounts (
    id UUID NOT NULL PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL UNIQUE CHECK (username = lower(username)),
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    area_code TEXT COLLATE "C" NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    disabled_at TIMESTAMPTZ,
    password_changed_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
);
CREATE INDEX accounts_area ON accounts (area_code, username);

-- 会话. One login on one device.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    client_label TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    revoked_reason TEXT CHECK (revoked_reason IN
        ('logout', 'revoked', 'refresh_reused', 'password_changed', 'password_reset', 'account_disabled')),
    CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);
CREATE INDEX sessions_account ON sessions (account_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Only the fingerprint of a refresh token is kept. A used one stays until it expires: that is how reuse shows.
CREATE TABLE refresh_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- 授权: one role, one area, one period.
CREATE TABLE role_grants (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN (
        'platform_admin', 'district_coord', 'property_authority', 'price_authority', 'industry_party',
        'street_officer', 'community_secretary', 'community_worker', 'grid_worker', 'branch_officer',
        'building_head', 'unit_head', 'company_admin', 'project_manager', 'company_staff', 'station_head',
        'station_staff', 'oc_chair', 'oc_member', 'owner', 'resident', 'mutual_aid_chair', 'mediator',
        'squad_leader', 'volunteer', 'instructor', 'contact_leader', 'assessor', 'court_liaison', 'auditor')),
    area_code TEXT COLLATE "C" NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    granted_by UUID REFERENCES accounts (id),
    reason TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    ended_by UUID REFERENCES accounts (id),
    end_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (valid_to IS NULL OR valid_from < valid_to),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX role_grants_standing ON role_grants (account_id, role, area_code) WHERE ended_at IS NULL;
CREATE INDEX role_grants_account ON role_grants (account_id, id);
CREATE INDEX role_grants_area ON role_grants (area_code, id);
CREATE INDEX role_grants_lapsing ON role_grants (valid_to) WHERE ended_at IS NULL;

-- 接入方: an integrator's program.
CREATE TABLE api_clients (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    area_code TEXT COLLATE "C" NOT NULL,
    scopes JSONB NOT NULL,
    secret_hash TEXT NOT NULL,
    previous_secret_hash TEXT,
    previous_secret_until TIMESTAMPTZ,
    disabled_at TIMESTAMPTZ,
    created_by UUID NOT NULL REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (area_code, name),
    CHECK ((previous_secret_hash IS NULL) = (previous_secret_until IS NULL))
);

-- 签名密钥. The seed is sealed with the installation's secret.
CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    sealed_seed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    signs_from TIMESTAMPTZ NOT NULL UNIQUE,
    retires_at TIMESTAMPTZ,
    CHECK (retires_at IS NULL OR retires_at > signs_from)
);

-- 登录尝试: failures of one user name or one address, shared by all processes.
CREATE TABLE login_attempts (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    last_failed_at TIMESTAMPTZ NOT NULL,
    locked_until TIMESTAMPTZ
);
CREATE INDEX login_attempts_age ON login_attempts (last_failed_at);
