-- expand
CREATE TABLE links (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Unique for ever: the row of a deleted link stays, emptied, so that its slug is never given again.
    slug text COLLATE "C" NOT NULL UNIQUE,
    owner_id bigint REFERENCES users (id),
    url text NOT NULL,
    url_hash bigint NOT NULL,
    -- Slug, title, address and notes, folded: what a search looks into.
    text_key text COLLATE "C" NOT NULL,
    title text,
    notes text,
    tags text NOT NULL,
    visibility text NOT NULL,
    starts_at timestamptz,
    expires_at timestamptz,
    max_visits bigint,
    visits bigint NOT NULL,
    password_hash text,
    redirect_status bigint NOT NULL,
    forward_query boolean NOT NULL,
    archived_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE INDEX links_of_owner ON links (owner_id, created_at, id) WHERE deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX links_of_owner_archived ON links (owner_id, created_at, id) WHERE deleted_at IS NULL AND archived_at IS NOT NULL;
CREATE INDEX links_of_team ON links (created_at, id) WHERE visibility = 'team' AND deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX links_of_team_archived ON links (created_at, id) WHERE visibility = 'team' AND deleted_at IS NULL AND archived_at IS NOT NULL;
CREATE INDEX links_of_url ON links (owner_id, url_hash) WHERE deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX links_deleted ON links (deleted_at) WHERE deleted_at IS NOT NULL;

-- The tags, and the bigrams of slug, title, address and notes (Foundation/Data/Bigrams.cs).
CREATE TABLE link_grams (
    link_id bigint PRIMARY KEY REFERENCES links (id) ON DELETE CASCADE,
    grams text[] COLLATE "C" NOT NULL
);
CREATE INDEX link_grams_by_gram ON link_grams USING gin (grams);

-- Which links were changed lately, for the other processes.
CREATE TABLE link_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX link_changes_by_time ON link_changes (at);

-- Visits by quarter-hour (span 0) and by hour (span 1): at counts them from 1970.
CREATE TABLE link_totals (
    link_id bigint NOT NULL,
    span bigint NOT NULL,
    at bigint NOT NULL,
    people bigint NOT NULL,
    bots bigint NOT NULL,
    PRIMARY KEY (link_id, span, at)
);

-- The same by referrer (kind 1), browser (2), system (3), device (4), language (5) and country (6); by
-- quarter-hour, by day of UTC (span 2) and by 32 days (span 3).
CREATE TABLE link_details (
    link_id bigint NOT NULL,
    span bigint NOT NULL,
    at bigint NOT NULL,
    kind bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    people bigint NOT NULL,
    bots bigint NOT NULL,
    PRIMARY KEY (link_id, span, at, kind, name)
);

-- In the order in which they were written: those of a batch lie together, and nothing has to be kept in order of anything else.
CREATE TABLE link_visits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch bigint NOT NULL,
    link_id bigint NOT NULL,
    at timestamptz NOT NULL,
    is_used boolean NOT NULL,
    is_bot boolean NOT NULL,
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
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    -- None of its visits has a lower id.
    first_visit bigint NOT NULL,
    summed_at timestamptz
);
CREATE INDEX link_batches_by_time ON link_batches (at);
CREATE INDEX link_batches_unsummed ON link_batches (at) WHERE summed_at IS NULL;
