-- expand
-- Whether the title is the name of the page that it leads to, and so goes when it leads elsewhere.
ALTER TABLE links ADD COLUMN has_fetched_title integer NOT NULL DEFAULT 0;

-- How many visits a batch has; of those from before nobody knows.
ALTER TABLE link_batches ADD COLUMN visits integer NOT NULL DEFAULT 9223372036854775807;
