-- expand
-- A row goes by its removed_at; the file and what is left of the row a day later (Foundation/Files/FileStore.cs).
CREATE TABLE memo_pictures (
    id text PRIMARY KEY,
    owner_id integer NOT NULL REFERENCES users (id),
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes integer NOT NULL,
    created_at integer NOT NULL,
    removed_at integer
) WITHOUT ROWID;
CREATE INDEX memo_pictures_of_owner ON memo_pictures (owner_id, created_at, id, bytes) WHERE removed_at IS NULL;
CREATE INDEX memo_pictures_by_age ON memo_pictures (created_at, id) WHERE removed_at IS NULL;
CREATE INDEX memo_pictures_removed ON memo_pictures (removed_at, id) WHERE removed_at IS NOT NULL;

-- Which of its author's pictures a memo shows now, or showed in an earlier text.
CREATE TABLE memo_picture_uses (
    memo_id integer NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    picture_id text NOT NULL REFERENCES memo_pictures (id) ON DELETE CASCADE,
    is_current integer NOT NULL,
    PRIMARY KEY (memo_id, picture_id)
) WITHOUT ROWID;
CREATE INDEX memo_picture_uses_of_picture ON memo_picture_uses (picture_id, memo_id);
