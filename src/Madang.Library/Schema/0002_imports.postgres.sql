-- expand
CREATE TABLE book_imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES users (id),
    runner text NOT NULL,
    file text,
    file_name text NOT NULL,
    -- Whose file it was said to be; null where its content is to tell.
    source text,
    is_dry_run boolean NOT NULL,
    state text NOT NULL,
    total bigint NOT NULL,
    added bigint NOT NULL,
    present bigint NOT NULL,
    refused bigint NOT NULL,
    lines text NOT NULL,
    problem text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX book_imports_of_owner ON book_imports (owner_id, id);
CREATE UNIQUE INDEX book_imports_open ON book_imports (owner_id) WHERE state IN ('waiting', 'running');
CREATE INDEX book_imports_with_file ON book_imports (updated_at) WHERE file IS NOT NULL;
