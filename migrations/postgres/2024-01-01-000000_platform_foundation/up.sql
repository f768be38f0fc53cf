-- 留痕: append-only; seq is the version that the event produced, so two writers cannot both append.
CREATE TABLE history (
    id UUID NOT NULL PRIMARY KEY,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    event TEXT NOT NULL,
    area_code TEXT COLLATE "C" NOT NULL,
    actor_id UUID,
    at TIMESTAMPTZ NOT NULL,
    data JSONB NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (entity, entity_id, seq)
);

CREATE TABLE outbox (
    position BIGSERIAL PRIMARY KEY NOT NULL,
    id UUID NOT NULL UNIQUE,
    event TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    area_code TEXT COLLATE "C" NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    data JSONB NOT NULL
);

CREATE TABLE idempotency_keys (
    principal_id UUID NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    version INTEGER,
    body TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (principal_id, path, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
