-- expand
-- A row goes by its removed_at; the file and what is left of the row a day later (Foundation/Files/FileStore.cs).
CREATE TABLE memo_pictures (
    id text COLLATE "C" PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES users (id),
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz
);
CREATE INDEX memo_pictures_of_owner ON memo_pictures (owner_id, created_at, id, bytes) WHERE removed_at IS NULL;
CREATE INDEX memo_pictures_by_age ON memo_pictures (created_at, id) WHERE removed_at IS NULL;
CREATE INDEX memo_pictures_removed ON memo_pictures (removed_at, id) WHERE removed_at IS NOT NULL;

-- Which of its author's pictures a memo shows now, or showed in an earlier text.
CREATE TABLE memo_picture_uses (
    memo_id bigint NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    picture_id text COLLATE "C" NOT NULL REFERENCES memo_pictures (id) ON DELETE CASCADE,
    is_current boolean NOT NULL,
    PRIMARY KEY (memo_id, picture_id)
);
CREATE INDEX memo_picture_uses_of_picture ON memo_picture_uses (picture_id, memo_id);
