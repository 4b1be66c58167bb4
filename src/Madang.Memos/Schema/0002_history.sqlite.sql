-- expand
CREATE TABLE memo_versions (
    id integer PRIMARY KEY AUTOINCREMENT,
    memo_id integer NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    text text NOT NULL,
    written_at integer NOT NULL,
    replaced_at integer NOT NULL
);
CREATE INDEX memo_versions_of_memo ON memo_versions (memo_id, written_at, id);
