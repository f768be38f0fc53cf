-- 事件流. One writer: positions are drawn in the order of the commits, and every event is of the same group (docs/adr/0007).
ALTER TABLE outbox ADD COLUMN commit_group BIGINT NOT NULL DEFAULT 0 CHECK (commit_group >= 0);

-- 大屏. What the public screens of a community show; nothing of a person, no text that somebody typed.
CREATE TABLE screen_items (
    position INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    area_code TEXT NOT NULL CHECK (length(area_code) BETWEEN 12 AND 21),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    label_zh TEXT NOT NULL CHECK (length(label_zh) BETWEEN 1 AND 60),
    label_en TEXT NOT NULL CHECK (length(label_en) BETWEEN 1 AND 60),
    place TEXT NOT NULL CHECK (length(place) BETWEEN 1 AND 60),
    status TEXT NOT NULL,
    source_entity TEXT NOT NULL,
    source_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK (expires_at > at)
);
CREATE INDEX screen_items_area ON screen_items (area_code, position);
CREATE INDEX screen_items_expiry ON screen_items (expires_at);
