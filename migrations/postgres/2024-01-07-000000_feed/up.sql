-- 事件流. The transaction that wrote an event: positions are drawn before they are committed, so their own order is not that
-- in which they can be seen (docs/adr/0007). What was written before this migration is all committed: group 0.
ALTER TABLE outbox ADD COLUMN commit_group BIGINT NOT NULL DEFAULT 0 CHECK (commit_group >= 0);
ALTER TABLE outbox ALTER COLUMN commit_group SET DEFAULT (pg_current_xact_id()::text::bigint);
CREATE INDEX outbox_commit_order ON outbox (commit_group, position);

-- 大屏. What the public screens of a community show; nothing of a person, no text that somebody typed.
CREATE TABLE screen_items (
    position BIGSERIAL PRIMARY KEY NOT NULL,
    area_code TEXT COLLATE "C" NOT NULL CHECK (length(area_code) BETWEEN 12 AND 21),
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    label_zh TEXT NOT NULL CHECK (length(label_zh) BETWEEN 1 AND 60),
    label_en TEXT NOT NULL CHECK (length(label_en) BETWEEN 1 AND 60),
    place TEXT NOT NULL CHECK (length(place) BETWEEN 1 AND 60),
    status TEXT NOT NULL,
    source_entity TEXT NOT NULL,
    source_id TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    CHECK (expires_at > at)
);
CREATE INDEX screen_items_area ON screen_items (area_code, position);
CREATE INDEX screen_items_expiry ON screen_items (expires_at);
