-- expand
-- Where an imported link comes from, so that the same file imported again adds nothing.
CREATE TABLE link_origins (
    owner_id bigint NOT NULL REFERENCES users (id),
    origin text COLLATE "C" NOT NULL,
    link_id bigint NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, origin)
);
CREATE INDEX link_origins_of_link ON link_origins (link_id);

CREATE TABLE link_imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES users (id),
    runner text NOT NULL,
    file text,
    file_name text NOT NULL,
    source text NOT NULL,
    new_slugs boolean NOT NULL,
    own_url text NOT NULL,
    is_dry_run boolean NOT NULL,
    state text NOT NULL,
    total bigint NOT NULL,
    added bigint NOT NULL,
    renamed bigint NOT NULL,
    present bigint NOT NULL,
    refused bigint NOT NULL,
    lines text NOT NULL,
    problem text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX link_imports_of_owner ON link_imports (owner_id, id);
CREATE UNIQUE INDEX link_imports_open ON link_imports (owner_id) WHERE state IN ('waiting', 'running');
CREATE INDEX link_imports_with_file ON link_imports (updated_at) WHERE file IS NOT NULL;

-- Hosts that no link leads to, nor to what is below them: ASCII, lower case.
CREATE TABLE link_blocked_hosts (
    host text COLLATE "C" PRIMARY KEY,
    created_at timestamptz NOT NULL
);
