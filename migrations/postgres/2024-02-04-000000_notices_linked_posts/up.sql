-- A second post on what is a case already is linked to it, and makes no other.
ALTER TABLE alliance_posts ADD COLUMN linked_case_id UUID REFERENCES cases (id)
    CHECK (linked_case_id IS NULL OR (kind = 'problem' AND case_id IS NULL));
CREATE INDEX alliance_posts_linked_case ON alliance_posts (linked_case_id) WHERE linked_case_id IS NOT NULL;
