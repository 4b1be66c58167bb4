-- expand
-- Whether the title is the name of the page that it leads to, and so goes when it leads elsewhere.
ALTER TABLE links ADD COLUMN has_fetched_title boolean NOT NULL DEFAULT false;
