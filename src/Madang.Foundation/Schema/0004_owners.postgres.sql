-- expand
ALTER TABLE users ADD COLUMN is_shown_apart boolean NOT NULL DEFAULT false;
