-- expand
CREATE TABLE identities (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    user_id bigint NOT NULL REFERENCES users (id),
    provider text NOT NULL,
    email text,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_of_user ON identities (user_id, id);

CREATE TABLE used_states (
    hash bytea PRIMARY KEY,
    used_at timestamptz NOT NULL
);
CREATE INDEX used_states_by_time ON used_states (used_at);
