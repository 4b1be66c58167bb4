-- expand
ALTER TABLE users ADD COLUMN email_verified_at integer;
ALTER TABLE users ADD COLUMN new_email text;

ALTER TABLE sessions ADD COLUMN last_used_at integer;

ALTER TABLE sign_ins ADD COLUMN agent text;
CREATE INDEX sign_ins_of_user_by_time ON sign_ins (user_id, at, id);

CREATE TABLE mailed_links (
    id integer PRIMARY KEY AUTOINCREMENT,
    purpose text NOT NULL,
    email_hash blob NOT NULL,
    user_id integer REFERENCES users (id),
    email text,
    hash blob UNIQUE,
    created_at integer NOT NULL,
    expires_at integer NOT NULL,
    used_at integer
);
CREATE INDEX mailed_links_by_email ON mailed_links (email_hash, created_at);
CREATE INDEX mailed_links_of_user ON mailed_links (user_id);
CREATE INDEX mailed_links_by_time ON mailed_links (created_at);
