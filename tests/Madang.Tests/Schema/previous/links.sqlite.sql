-- level: links 0001
-- What the code of that level did to the links tables, statement by statement: it still runs beside a server that has migrated.
INSERT INTO users (username, security_stamp, role, created_at, updated_at)
VALUES ('김', 'stamp', 'member', 1790000000000000, 1790000000000000);

INSERT INTO links (
    slug, owner_id, url, url_hash, text_key, title, notes, tags, visibility, starts_at, expires_at, max_visits, visits,
    redirect_status, forward_query, created_at, updated_at
)
VALUES (
    (SELECT 'slug-' || max(id) FROM users), (SELECT max(id) FROM users), 'https://example.com/', 7, '답사', '답사', NULL, '[]', 'team', NULL, NULL, 9, 0,
    308, 0, 1790000000000000, 1790000000000000
)
ON CONFLICT (slug) DO NOTHING
RETURNING id, slug, owner_id, url, title, notes, tags, visibility, starts_at, expires_at, max_visits, password_hash, redirect_status, forward_query, archived_at, created_at;

INSERT INTO link_grams (rowid, grams) VALUES ((SELECT max(id) FROM links), 'xb2f5xc0ac');

SELECT links.id, slug, url FROM links
JOIN link_grams ON link_grams.rowid = links.id AND link_grams MATCH 'xb2f5xc0ac'
WHERE deleted_at IS NULL AND visibility = 'team'
ORDER BY created_at DESC, id DESC
LIMIT 20;

SELECT id, slug, url FROM links
WHERE owner_id = (SELECT max(id) FROM users) AND url_hash = 7 AND deleted_at IS NULL AND archived_at IS NULL
AND starts_at IS NULL AND expires_at IS NULL AND password_hash IS NULL
ORDER BY id DESC
LIMIT 1;

UPDATE links SET visits = visits + 1
WHERE id = (SELECT max(id) FROM links) AND deleted_at IS NULL AND (max_visits IS NULL OR visits < max_visits);

UPDATE links SET url = 'https://b.example/', url_hash = 8, archived_at = 1790000000000000, updated_at = 1790000000000000
WHERE id = (SELECT max(id) FROM links);

INSERT INTO link_changes (slug, at) VALUES ('slug', 1790000000000000);

SELECT id, slug FROM link_changes WHERE at >= 1790000000000000 ORDER BY at LIMIT 10;

INSERT INTO link_batches (name, at, first_visit) SELECT 'batch-' || max(id), 1790000000000000, 1 FROM links;

UPDATE link_batches SET summed_at = 1790000000000000 WHERE name = (SELECT 'batch-' || max(id) FROM links) AND summed_at IS NULL;

INSERT INTO link_totals (link_id, span, at, people, bots) SELECT max(id), 0, 1, 1, 0 FROM links;

INSERT INTO link_details (link_id, span, at, kind, name, people, bots) SELECT max(id), 0, 1, 1, 'a.example', 1, 0 FROM links;

INSERT INTO link_visits (batch, link_id, at, is_used, is_bot, referrer, browser, system, device, language, country, network)
SELECT 1, max(id), 1790000000000000, 0, 0, '', '', '', '', '', '', '' FROM links;

SELECT at, people, bots FROM link_totals
WHERE link_id = (SELECT max(id) FROM links) AND span = 0 AND at >= 0 AND at < 9
ORDER BY at;
