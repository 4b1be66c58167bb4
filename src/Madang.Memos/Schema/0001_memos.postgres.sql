-- expand
CREATE TABLE memos (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES users (id),
    text text NOT NULL,
    text_key text COLLATE "C" NOT NULL,
    visibility text NOT NULL,
    pinned_at timestamptz,
    archived_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX memos_of_owner ON memos (owner_id, created_at, id) WHERE deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX memos_pinned ON memos (owner_id, created_at, id) WHERE deleted_at IS NULL AND pinned_at IS NOT NULL;
CREATE INDEX memos_archived ON memos (owner_id, created_at, id) WHERE deleted_at IS NULL AND archived_at IS NOT NULL;
CREATE INDEX memos_deleted ON memos (owner_id, created_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX memos_to_purge ON memos (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX memos_of_team ON memos (created_at, id) WHERE visibility = 'team' AND deleted_at IS NULL;

CREATE TABLE memo_tags (
    memo_id bigint NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    key text COLLATE "C" NOT NULL,
    name text NOT NULL,
    is_written boolean NOT NULL,
    owner_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (memo_id, key)
);
CREATE INDEX memo_tags_of_owner ON memo_tags (owner_id, key, created_at, memo_id);
CREATE INDEX memo_tags_of_all ON memo_tags (key, created_at, memo_id);

-- The bigrams of team memos (Foundation/Data/Bigrams.cs); one's own memos are few enough to be looked through.
CREATE TABLE memo_grams (
    memo_id bigint PRIMARY KEY REFERENCES memos (id) ON DELETE CASCADE,
    grams text[] COLLATE "C" NOT NULL
);
CREATE INDEX memo_grams_by_gram ON memo_grams USING gin (grams);
