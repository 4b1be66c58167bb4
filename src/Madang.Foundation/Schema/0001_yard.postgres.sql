-- expand
CREATE TABLE workspace (
    name text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text,
    email_key text COLLATE "C" UNIQUE,
    username text NOT NULL,
    password_hash text,
    security_stamp text NOT NULL,
    role text NOT NULL,
    language text,
    theme text,
    time_zone text,
    disabled_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX sessions_of_user ON sessions (user_id, id);

CREATE TABLE refresh_tokens (
    hash bytea PRIMARY KEY,
    session_id bigint NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);

CREATE TABLE personal_tokens (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    name text NOT NULL,
    hash bytea NOT NULL UNIQUE,
    scopes text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX personal_tokens_of_user ON personal_tokens (user_id, id);

CREATE TABLE invitations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    role text NOT NULL,
    created_by bigint NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_by bigint REFERENCES users (id),
    used_at timestamptz
);

CREATE TABLE sign_ins (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email_hash bytea NOT NULL,
    user_id bigint REFERENCES users (id),
    how text NOT NULL,
    address text NOT NULL,
    device text,
    outcome text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX sign_ins_by_email ON sign_ins (email_hash, at);
CREATE INDEX sign_ins_of_user ON sign_ins (user_id, id);
CREATE INDEX sign_ins_by_time ON sign_ins (at);

CREATE TABLE signing_keys (
    kid text PRIMARY KEY,
    algorithm text NOT NULL,
    material bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);

CREATE TABLE data_protection_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    xml text NOT NULL
);

CREATE TABLE idempotency_keys (
    user_id bigint NOT NULL REFERENCES users (id),
    method text NOT NULL,
    path text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    status integer NOT NULL,
    location text,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, method, path, key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type text NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    actor_id bigint,
    payload text NOT NULL
);
CREATE INDEX events_by_time ON events (at);

CREATE TABLE deliveries (
    event_id bigint NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    handler text NOT NULL,
    state text NOT NULL,
    tries integer NOT NULL,
    next_at timestamptz NOT NULL,
    error text,
    PRIMARY KEY (event_id, handler)
);
CREATE INDEX deliveries_waiting ON deliveries (next_at) WHERE state = 'waiting';
