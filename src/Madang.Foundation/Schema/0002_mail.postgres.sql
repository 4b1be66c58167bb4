-- expand
ALTER TABLE users ADD COLUMN email_verified_at timestamptz;
ALTER TABLE users ADD COLUMN new_email text;

ALTER TABLE sessions ADD COLUMN last_used_at timestamptz;

ALTER TABLE sign_ins ADD COLUMN agent text;
CREATE INDEX sign_ins_of_user_by_time ON sign_ins (user_id, at, id);

CREATE TABLE mailed_links (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose text NOT NULL,
    email_hash bytea NOT NULL,
    user_id bigint REFERENCES users (id),
    email text,
    hash bytea UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX mailed_links_by_email ON mailed_links (email_hash, created_at);
CREATE INDEX mailed_links_of_user ON mailed_links (user_id);
CREATE INDEX mailed_links_by_time ON mailed_links (created_at);
