-- 信用修复申请: the organisation asks to be taken off a list, and is answered. One at a time.
CREATE TABLE listing_repair_requests (
    id UUID NOT NULL PRIMARY KEY,
    listing_id UUID NOT NULL REFERENCES listings (id),
    words TEXT NOT NULL,
    corrected_on DATE NOT NULL,
    asked_by UUID,
    asked_on DATE NOT NULL CHECK (corrected_on <= asked_on),
    outcome TEXT CHECK (outcome IN ('granted', 'declined')),
    reply TEXT,
    decided_by UUID,
    decided_on DATE,
    CHECK ((outcome IS NULL) = (decided_on IS NULL)),
    CHECK ((outcome IS NULL) = (reply IS NULL))
);
CREATE UNIQUE INDEX listing_repair_requests_waiting ON listing_repair_requests (listing_id) WHERE outcome IS NULL;
CREATE INDEX listing_repair_requests_listing ON listing_repair_requests (listing_id, id);

-- 佐证材料 of a claim: the bytes are in the storage.
CREATE TABLE rating_claim_files (
    id UUID NOT NULL PRIMARY KEY,
    claim_id UUID NOT NULL REFERENCES rating_claims (id),
    indicator_code TEXT NOT NULL,
    media TEXT NOT NULL CHECK (media IN ('jpeg', 'png', 'webp', 'pdf')),
    storage_key TEXT NOT NULL UNIQUE,
    thumbnail_key TEXT UNIQUE,
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    width INTEGER,
    height INTEGER,
    sha256 TEXT NOT NULL,
    added_by UUID,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (claim_id, indicator_code, sha256)
);
CREATE INDEX rating_claim_files_claim ON rating_claim_files (claim_id, id);

-- 整改通知: the notice that those concerned read.
ALTER TABLE survey_consequences ADD COLUMN notice_id UUID REFERENCES notices (id);
