-- expand
CREATE TABLE workspace (
    name text PRIMARY KEY,
    value text NOT NULL
) WITHOUT ROWID;

CREATE TABLE users (
    id integer PRIMARY KEY AUTOINCREMENT,
    email text,
    email_key text UNIQUE,
    username text NOT NULL,
    password_hash text,
    security_stamp text NOT NULL,
    role text NOT NULL,
    language text,
    theme text,
    time_zone text,
    disabled_at integer,
    deleted_at integer,
    created_at integer NOT NULL,
    updated_at integer NOT NULL
);

CREATE TABLE sessions (
    id integer PRIMARY KEY AUTOINCREMENT,
    user_id integer NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    created_at integer NOT NULL,
    expires_at integer NOT NULL,
    revoked_at integer
);
CREATE INDEX sessions_of_user ON sessions (user_id, id);

CREATE TABLE refresh_tokens (
    hash blob PRIMARY KEY,
    session_id integer NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at integer NOT NULL,
    expires_at integer NOT NULL,
    used_at integer
) WITHOUT ROWID;
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);

CREATE TABLE personal_tokens (
    id integer PRIMARY KEY AUTOINCREMENT,
    user_id integer NOT NULL REFERENCES users (id),
    name text NOT NULL,
    hash blob NOT NULL UNIQUE,
    scopes text NOT NULL,
    created_at integer NOT NULL,
    expires_at integer NOT NULL,
    last_used_at integer
);
CREATE INDEX personal_tokens_of_user ON personal_tokens (user_id, id);

CREATE TABLE invitations (
    id integer PRIMARY KEY AUTOINCREMENT,
    hash blob NOT NULL UNIQUE,
    role text NOT NULL,
    created_by integer NOT NULL REFERENCES users (id),
    created_at integer NOT NULL,
    expires_at integer NOT NULL,
    used_by integer REFERENCES users (id),
    used_at integer
);

CREATE TABLE sign_ins (
    id integer PRIMARY KEY AUTOINCREMENT,
    email_hash blob NOT NULL,
    user_id integer REFERENCES users (id),
    how text NOT NULL,
    address text NOT NULL,
    device text,
    outcome text NOT NULL,
    at integer NOT NULL
);
CREATE INDEX sign_ins_by_email ON sign_ins (email_hash, at);
CREATE INDEX sign_ins_of_user ON sign_ins (user_id, id);
CREATE INDEX sign_ins_by_time ON sign_ins (at);

CREATE TABLE signing_keys (
    kid text PRIMARY KEY,
    algorithm text NOT NULL,
    material blob NOT NULL,
    created_at integer NOT NULL,
    retired_at integer
) WITHOUT ROWID;

CREATE TABLE data_protection_keys (
    id integer PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL UNIQUE,
    xml text NOT NULL
);

CREATE TABLE idempotency_keys (
    user_id integer NOT NULL REFERENCES users (id),
    method text NOT NULL,
    path text NOT NULL,
    key text NOT NULL,
    body_hash blob NOT NULL,
    status integer NOT NULL,
    location text,
    body blob NOT NULL,
    created_at integer NOT NULL,
    PRIMARY KEY (user_id, method, path, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

CREATE TABLE events (
    id integer PRIMARY KEY AUTOINCREMENT,
    type text NOT NULL,
    version integer NOT NULL,
    at integer NOT NULL,
    actor_id integer,
    payload text NOT NULL
);
CREATE INDEX events_by_time ON events (at);

CREATE TABLE deliveries (
    event_id integer NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    handler text NOT NULL,
    state text NOT NULL,
    tries integer NOT NULL,
    next_at integer NOT NULL,
    error text,
    PRIMARY KEY (event_id, handler)
) WITHOUT ROWID;
CREATE INDEX deliveries_waiting ON deliveries (next_at) WHERE state = 'waiting';
