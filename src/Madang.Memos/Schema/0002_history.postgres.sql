-- expand
CREATE TABLE memo_versions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    memo_id bigint NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    text text NOT NULL,
    written_at timestamptz NOT NULL,
    replaced_at timestamptz NOT NULL
);
CREATE INDEX memo_versions_of_memo ON memo_versions (memo_id, written_at, id);
