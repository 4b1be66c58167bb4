-- expand
-- Where an ended link leads instead.
ALTER TABLE links ADD COLUMN fallback_url text;

CREATE INDEX links_of_owner_by_visits ON links (owner_id, visits, id) WHERE deleted_at IS NULL AND archived_at IS NULL;
CREATE INDEX links_of_team_by_visits ON links (visits, id) WHERE visibility = 'team' AND deleted_at IS NULL AND archived_at IS NULL;

-- Which links are sample data, to be taken away again.
CREATE TABLE link_samples (
    link_id bigint PRIMARY KEY REFERENCES links (id) ON DELETE CASCADE,
    owner_id bigint NOT NULL REFERENCES users (id)
);
CREATE INDEX link_samples_of_owner ON link_samples (owner_id, link_id);
