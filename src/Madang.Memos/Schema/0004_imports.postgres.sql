-- expand
-- Where an imported memo comes from, so that the same file imported again adds nothing.
CREATE TABLE memo_origins (
    owner_id bigint NOT NULL REFERENCES users (id),
    origin text COLLATE "C" NOT NULL,
    memo_id bigint NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, origin)
);
CREATE INDEX memo_origins_of_memo ON memo_origins (memo_id);

CREATE TABLE memo_imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES users (id),
    runner text NOT NULL,
    file text,
    file_name text NOT NULL,
    author text,
    is_dry_run boolean NOT NULL,
    state text NOT NULL,
    total integer NOT NULL,
    added integer NOT NULL,
    present integer NOT NULL,
    refused integer NOT NULL,
    refusals text NOT NULL,
    problem text,
    detail text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX memo_imports_of_owner ON memo_imports (owner_id, id);
CREATE UNIQUE INDEX memo_imports_open ON memo_imports (owner_id) WHERE state IN ('waiting', 'running');
CREATE INDEX memo_imports_with_file ON memo_imports (updated_at) WHERE file IS NOT NULL;
