-- 信用修复申请: the organisation asks to be taken off a list, and is answered. One at a time.
CREATE TABLE listing_repair_requests (
    id BLOB NOT NULL PRIMARY KEY,
    listing_id BLOB NOT NULL REFERENCES listings (id),
    words TEXT NOT NULL,
    corrected_on DATE NOT NULL,
    asked_by BLOB,
    asked_on DATE NOT NULL CHECK (corrected_on <= asked_on),
    outcome TEXT CHECK (outcome IN ('granted', 'declined')),
    reply TEXT,
    decided_by BLOB,
    decided_on DATE,
    CHECK ((outcome IS NULL) = (decided_on IS NULL)),
    CHECK ((outcome IS NULL) = (reply IS NULL))
);
CREATE UNIQUE INDEX listing_repair_requests_waiting ON listing_repair_requests (listing_id) WHERE outcome IS NULL;
CREATE INDEX listing_repair_requests_listing ON listing_repair_requests (listing_id, id);

-- 整改通知: the notice that those concerned read.
ALTER TABLE survey_consequences ADD COLUMN notice_id BLOB REFERENCES notices (id);
