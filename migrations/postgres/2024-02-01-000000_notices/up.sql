-- 通知公告: never edited. A legal one is posted, for everybody in its area, and stands for its period.
CREATE TABLE notices (
    id UUID NOT NULL PRIMARY KEY,
    class TEXT NOT NULL CHECK (class IN ('general', 'legal')),
    area_code TEXT COLLATE "C" NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    for_everybody BOOLEAN NOT NULL,
    pinned BOOLEAN NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('published', 'withdrawn', 'superseded')),
    published_at TIMESTAMPTZ NOT NULL,
    published_by UUID,
    expires_at TIMESTAMPTZ,
    publicity_id UUID UNIQUE REFERENCES publicities (id),
    period_ends_on DATE,
    posting_ended_at TIMESTAMPTZ,
    supersedes UUID UNIQUE REFERENCES notices (id),
    ended_at TIMESTAMPTZ,
    ended_by UUID,
    end_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((class = 'legal') = (publicity_id IS NOT NULL)),
    CHECK ((class = 'legal') = (period_ends_on IS NOT NULL)),
    CHECK (class = 'legal' OR (supersedes IS NULL AND posting_ended_at IS NULL)),
    CHECK (class = 'general' OR for_everybody),
    CHECK (expires_at > published_at),
    CHECK ((status = 'published') = (ended_at IS NULL)),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CHECK (supersedes <> id)
);
CREATE INDEX notices_area ON notices (area_code, id);
CREATE INDEX notices_status ON notices (status, id);

-- 面向的角色: of a notice that is not for everybody.
CREATE TABLE notice_roles (
    notice_id UUID NOT NULL REFERENCES notices (id),
    role TEXT NOT NULL,
    PRIMARY KEY (notice_id, role)
);

-- 已读: once per reader. How many, not who, is told.
CREATE TABLE notice_reads (
    notice_id UUID NOT NULL REFERENCES notices (id),
    account_id UUID NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (notice_id, account_id)
);

-- 张贴现场照片: what shows that it was posted; the bytes are in the storage.
CREATE TABLE notice_photos (
    id UUID NOT NULL PRIMARY KEY,
    notice_id UUID NOT NULL REFERENCES notices (id),
    media TEXT NOT NULL CHECK (media IN ('jpeg', 'png', 'webp')),
    storage_key TEXT NOT NULL UNIQUE,
    thumbnail_key TEXT UNIQUE,
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    width INTEGER,
    height INTEGER,
    sha256 TEXT NOT NULL,
    added_by UUID,
    removed_at TIMESTAMPTZ,
    removed_by UUID,
    remove_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK ((removed_at IS NULL) = (remove_reason IS NULL))
);
CREATE UNIQUE INDEX notice_photos_once ON notice_photos (notice_id, sha256) WHERE removed_at IS NULL;
CREATE INDEX notice_photos_notice ON notice_photos (notice_id, id);

-- 三方联盟群: no rows of members; whoever holds a role of one of the three parties there is one.
CREATE TABLE alliance_groups (
    id UUID NOT NULL PRIMARY KEY,
    area_code TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    closed_at TIMESTAMPTZ,
    closed_by UUID,
    close_reason TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((closed_at IS NULL) = (close_reason IS NULL))
);
CREATE INDEX alliance_groups_area ON alliance_groups (area_code, id);

-- 群内发言: a case comes of one post at most, and of a problem only.
CREATE TABLE alliance_posts (
    id UUID NOT NULL PRIMARY KEY,
    group_id UUID NOT NULL REFERENCES alliance_groups (id),
    area_code TEXT COLLATE "C" NOT NULL,
    parent_id UUID REFERENCES alliance_posts (id),
    kind TEXT NOT NULL CHECK (kind IN ('notice', 'problem', 'reply', 'praise', 'warning')),
    party TEXT NOT NULL CHECK (party IN ('community', 'company', 'resident')),
    author_id UUID NOT NULL REFERENCES accounts (id),
    body TEXT NOT NULL,
    pinned BOOLEAN NOT NULL,
    expires_at TIMESTAMPTZ,
    case_id UUID UNIQUE REFERENCES cases (id),
    hidden_at TIMESTAMPTZ,
    hide_reason TEXT CHECK (hide_reason IN ('personal_data', 'abuse', 'advertising', 'untrue', 'off_topic', 'other')),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK ((kind = 'reply') = (parent_id IS NOT NULL)),
    CHECK (parent_id <> id),
    CHECK (kind NOT IN ('notice', 'warning') OR party = 'community'),
    CHECK (kind = 'notice' OR (NOT pinned AND expires_at IS NULL)),
    CHECK (kind = 'problem' OR case_id IS NULL),
    CHECK ((hidden_at IS NULL) = (hide_reason IS NULL)),
    CHECK (expires_at > created_at)
);
CREATE INDEX alliance_posts_area ON alliance_posts (area_code, id);
CREATE INDEX alliance_posts_group ON alliance_posts (group_id, id);
CREATE INDEX alliance_posts_kind ON alliance_posts (group_id, kind, id);
CREATE INDEX alliance_posts_pinned ON alliance_posts (group_id, pinned, id);
CREATE INDEX alliance_posts_parent ON alliance_posts (parent_id, id) WHERE parent_id IS NOT NULL;

-- 管理记录: who hid or showed which post again, and why.
CREATE TABLE alliance_moderations (
    id UUID NOT NULL PRIMARY KEY,
    group_id UUID NOT NULL REFERENCES alliance_groups (id),
    post_id UUID NOT NULL REFERENCES alliance_posts (id),
    action TEXT NOT NULL CHECK (action IN ('hide', 'unhide')),
    reason TEXT CHECK (reason IN ('personal_data', 'abuse', 'advertising', 'untrue', 'off_topic', 'other')),
    note TEXT NOT NULL,
    moderator_id UUID,
    at TIMESTAMPTZ NOT NULL,
    CHECK ((action = 'hide') = (reason IS NOT NULL))
);
CREATE INDEX alliance_moderations_group ON alliance_moderations (group_id, id);
