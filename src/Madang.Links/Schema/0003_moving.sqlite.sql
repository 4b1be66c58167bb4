-- expand
-- Where an imported link comes from, so that the same file imported again adds nothing.
CREATE TABLE link_origins (
    owner_id integer NOT NULL REFERENCES users (id),
    origin text NOT NULL,
    link_id integer NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, origin)
) WITHOUT ROWID;
CREATE INDEX link_origins_of_link ON link_origins (link_id);

CREATE TABLE link_imports (
    id integer PRIMARY KEY AUTOINCREMENT,
    owner_id integer NOT NULL REFERENCES users (id),
    runner text NOT NULL,
    file text,
    file_name text NOT NULL,
    source text NOT NULL,
    new_slugs integer NOT NULL,
    own_url text NOT NULL,
    is_dry_run integer NOT NULL,
    state text NOT NULL,
    total integer NOT NULL,
    added integer NOT NULL,
    renamed integer NOT NULL,
    present integer NOT NULL,
    refused integer NOT NULL,
    lines text NOT NULL,
    problem text,
    created_at integer NOT NULL,
    updated_at integer NOT NULL
);
CREATE INDEX link_imports_of_owner ON link_imports (owner_id, id);
CREATE UNIQUE INDEX link_imports_open ON link_imports (owner_id) WHERE state IN ('waiting', 'running');
CREATE INDEX link_imports_with_file ON link_imports (updated_at) WHERE file IS NOT NULL;

-- Hosts that no link leads to, nor to what is below them: ASCII, lower case.
CREATE TABLE link_blocked_hosts (
    host text PRIMARY KEY,
    created_at integer NOT NULL
);
