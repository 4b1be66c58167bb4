-- expand
CREATE TABLE memos (
    id integer PRIMARY KEY AUTOINCREMENT,
    owner_id integer NOT NULL REFERENCES users (id),
    text text NOT NULL,
    text_key text NOT NULL,
    visibility text NOT NULL,
    pinned_at integer,
    archived_at integer,
    deleted_at integer,
    created_at integer NOT NULL,
    updated_at integer NOT NULL
);
CREATE INDEX memos_of_owner ON memos (owner_id, created_at, id) WHERE deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX memos_pinned ON memos (owner_id, created_at, id) WHERE deleted_at IS NULL AND pinned_at IS NOT NULL;
CREATE INDEX memos_archived ON memos (owner_id, created_at, id) WHERE deleted_at IS NULL AND archived_at IS NOT NULL;
CREATE INDEX memos_deleted ON memos (owner_id, created_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX memos_to_purge ON memos (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX memos_of_team ON memos (created_at, id) WHERE visibility = 'team' AND deleted_at IS NULL;

CREATE TABLE memo_tags (
    memo_id integer NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    key text NOT NULL,
    name text NOT NULL,
    is_written integer NOT NULL,
    owner_id integer NOT NULL,
    created_at integer NOT NULL,
    PRIMARY KEY (memo_id, key)
) WITHOUT ROWID;
CREATE INDEX memo_tags_of_owner ON memo_tags (owner_id, key, created_at, memo_id);
CREATE INDEX memo_tags_of_all ON memo_tags (key, created_at, memo_id);

-- The bigrams of team memos (Foundation/Data/Bigrams.cs); one's own memos are few enough to be looked through.
CREATE VIRTUAL TABLE memo_grams USING fts5 (grams, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
