-- expand
ALTER TABLE users ADD COLUMN is_shown_apart boolean NOT NULL DEFAULT false;
ALTER TABLE users ADD COLUMN signed_out_at timestamptz;
