-- 留痕: append-only; seq is the version that the event produced, so two writers cannot both append.
CREATE TABLE history (
    id BLOB NOT NULL PRIMARY KEY,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    event TEXT NOT NULL,
    area_code TEXT NOT NULL,
    actor_id BLOB,
    at BIGINT NOT NULL,
    data TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (entity, entity_id, seq)
);

CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id BLOB NOT NULL UNIQUE,
    event TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    area_code TEXT NOT NULL,
    at BIGINT NOT NULL,
    data TEXT NOT NULL
);

CREATE TABLE idempotency_keys (
    principal_id BLOB NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    version INTEGER,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (principal_id, path, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
