-- expand
ALTER TABLE users ADD COLUMN is_shown_apart integer NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN signed_out_at integer;
