-- expand
-- Whether the title is the name of the page that it leads to, and so goes when it leads elsewhere.
ALTER TABLE links ADD COLUMN has_fetched_title boolean NOT NULL DEFAULT false;

-- How many visits a batch has; of those from before nobody knows.
ALTER TABLE link_batches ADD COLUMN visits bigint NOT NULL DEFAULT 9223372036854775807;
