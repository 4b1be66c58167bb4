-- expand
CREATE TABLE links (
    id integer PRIMARY KEY AUTOINCREMENT,
    -- Unique for ever: the row of a deleted link stays, emptied, so that its slug is never given again.
    slug text NOT NULL UNIQUE,
    owner_id integer REFERENCES users (id),
    url text NOT NULL,
    url_hash integer NOT NULL,
    -- Slug, title, address and notes, folded: what a search looks into.
    text_key text NOT NULL,
    title text,
    notes text,
    tags text NOT NULL,
    visibility text NOT NULL,
    starts_at integer,
    expires_at integer,
    max_visits integer,
    visits integer NOT NULL,
    password_hash text,
    redirect_status integer NOT NULL,
    forward_query integer NOT NULL,
    archived_at integer,
    created_at integer NOT NULL,
    updated_at integer NOT NULL,
    deleted_at integer
);
CREATE INDEX links_of_owner ON links (owner_id, created_at, id) WHERE deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX links_of_owner_archived ON links (owner_id, created_at, id) WHERE deleted_at IS NULL AND archived_at IS NOT NULL;
CREATE INDEX links_of_team ON links (created_at, id) WHERE visibility = 'team' AND deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX links_of_team_archived ON links (created_at, id) WHERE visibility = 'team' AND deleted_at IS NULL AND archived_at IS NOT NULL;
CREATE INDEX links_of_url ON links (owner_id, url_hash) WHERE deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX links_deleted ON links (deleted_at) WHERE deleted_at IS NOT NULL;

-- The tags, and the bigrams of slug, title, address and notes (Foundation/Data/Bigrams.cs).
CREATE VIRTUAL TABLE link_grams USING fts5 (grams, content = '', detail = none, columnsize = 0, tokenize = 'ascii');

-- Which links were changed lately, for the other processes.
CREATE TABLE link_changes (
    id integer PRIMARY KEY AUTOINCREMENT,
    slug text NOT NULL,
    at integer NOT NULL
);
CREATE INDEX link_changes_by_time ON link_changes (at);

-- Visits by quarter-hour (span 0) and by hour (span 1): at counts them from 1970.
CREATE TABLE link_totals (
    link_id integer NOT NULL,
    span integer NOT NULL,
    at integer NOT NULL,
    people integer NOT NULL,
    bots integer NOT NULL,
    PRIMARY KEY (link_id, span, at)
) WITHOUT ROWID;

-- The same by referrer (kind 1), browser (2), system (3), device (4), language (5) and country (6); by
-- quarter-hour, by day of UTC (span 2) and by 32 days (span 3).
CREATE TABLE link_details (
    link_id integer NOT NULL,
    span integer NOT NULL,
    at integer NOT NULL,
    kind integer NOT NULL,
    name text NOT NULL,
    people integer NOT NULL,
    bots integer NOT NULL,
    PRIMARY KEY (link_id, span, at, kind, name)
) WITHOUT ROWID;

-- In the order in which they were written: those of a batch lie together, and nothing has to be kept in order of anything else.
CREATE TABLE link_visits (
    id integer PRIMARY KEY AUTOINCREMENT,
    batch integer NOT NULL,
    link_id integer NOT NULL,
    at integer NOT NULL,
    is_used integer NOT NULL,
    is_bot integer NOT NULL,
    referrer text NOT NULL,
    browser text NOT NULL,
    system text NOT NULL,
    device text NOT NULL,
    language text NOT NULL,
    country text NOT NULL,
    network text NOT NULL
);

-- What was written of visits, so that a commit of unknown fate is not counted twice, and what of it is summed up.
CREATE TABLE link_batches (
    number integer PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL UNIQUE,
    at integer NOT NULL,
    -- None of its visits has a lower id.
    first_visit integer NOT NULL,
    summed_at integer
);
CREATE INDEX link_batches_by_time ON link_batches (at);
CREATE INDEX link_batches_unsummed ON link_batches (at) WHERE summed_at IS NULL;
