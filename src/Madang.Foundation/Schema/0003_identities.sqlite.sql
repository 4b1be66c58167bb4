-- expand
CREATE TABLE identities (
    id integer PRIMARY KEY AUTOINCREMENT,
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id integer NOT NULL REFERENCES users (id),
    provider text NOT NULL,
    email text,
    created_at integer NOT NULL,
    last_used_at integer NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_of_user ON identities (user_id, id);

CREATE TABLE used_states (
    hash blob PRIMARY KEY,
    used_at integer NOT NULL
) WITHOUT ROWID;
CREATE INDEX used_states_by_time ON used_states (used_at);
