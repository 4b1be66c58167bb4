-- level: links 0003
-- What the code of that level did to the links tables, statement by statement: it still runs beside a server that has migrated.
INSERT INTO users (username, security_stamp, role, created_at, updated_at)
VALUES ('김', 'stamp', 'member', 1790000000000000, 1790000000000000);

INSERT INTO links (
    slug, owner_id, url, url_hash, text_key, title, notes, tags, visibility, starts_at, expires_at, max_visits, visits,
    redirect_status, forward_query, fallback_url, created_at, updated_at
)
VALUES (
    'autumn' || (SELECT count(*) FROM links), (SELECT max(id) FROM users), 'https://example.com/', 42, '답사', '답사', NULL, '["가을"]', 'team',
    NULL, NULL, 9, 0, 308, 0, 'https://example.com/later', 1790000000000000, 1790000000000000
)
ON CONFLICT (slug) DO NOTHING
RETURNING id, slug, owner_id, url, title, notes, tags, visibility, starts_at, expires_at, max_visits, password_hash, redirect_status, forward_query, fallback_url, archived_at, created_at, visits;

INSERT INTO link_grams (rowid, grams) VALUES ((SELECT max(id) FROM links), 'xb2f5 xc0ac xb2f5xc0ac');

SELECT id, slug, owner_id, url, title, notes, tags, visibility, starts_at, expires_at, max_visits, password_hash, redirect_status, forward_query, fallback_url, archived_at, created_at, visits FROM links
WHERE owner_id = (SELECT max(id) FROM users) AND url_hash = 42 AND url = 'https://example.com/'
AND deleted_at IS NULL AND archived_at IS NULL AND password_hash IS NULL
ORDER BY id DESC
LIMIT 1;

SELECT id, slug, owner_id, url, title, notes, tags, visibility, starts_at, expires_at, max_visits, password_hash, redirect_status, forward_query, fallback_url, archived_at, created_at, visits FROM links
JOIN link_grams ON link_grams.rowid = links.id AND link_grams MATCH 'xb2f5xc0ac'
WHERE deleted_at IS NULL AND visibility = 'team' AND archived_at IS NULL
ORDER BY created_at DESC, id DESC
LIMIT 20;

UPDATE links SET
    url = 'https://example.com/2', url_hash = 43, text_key = '답사', title = '답사', notes = '버스', tags = '[]', visibility = 'private',
    starts_at = NULL, expires_at = NULL, max_visits = 9, redirect_status = 302, forward_query = 1, archived_at = NULL,
    updated_at = 1790000000000000
WHERE id = (SELECT max(id) FROM links);

INSERT INTO link_samples (link_id, owner_id) SELECT max(id), max(owner_id) FROM links WHERE deleted_at IS NULL;

UPDATE links SET visits = visits + 1
WHERE id = (SELECT max(id) FROM links) AND deleted_at IS NULL AND (max_visits IS NULL OR visits < max_visits);

INSERT INTO link_changes (slug, at) VALUES ('autumn0', 1790000000000000);

INSERT INTO link_totals (link_id, span, at, people, bots) VALUES ((SELECT max(id) FROM links), 0, 1988888, 1, 0)
ON CONFLICT (link_id, span, at) DO UPDATE SET people = link_totals.people + excluded.people;

INSERT INTO link_details (link_id, span, at, kind, name, people, bots)
VALUES ((SELECT max(id) FROM links), 0, 1988888, 2, 'Firefox', 1, 0)
ON CONFLICT (link_id, span, at, kind, name) DO UPDATE SET people = link_details.people + excluded.people;

INSERT INTO link_batches (name, at, first_visit)
VALUES ('batch' || (SELECT count(*) FROM link_batches), 1790000000000000, (SELECT coalesce(max(id), 0) + 1 FROM link_visits))
ON CONFLICT DO NOTHING
RETURNING number;

INSERT INTO link_visits (batch, link_id, at, is_used, is_bot, referrer, browser, system, device, language, country, network)
VALUES ((SELECT max(number) FROM link_batches), (SELECT max(id) FROM links), 1790000000000000, 0, 0, '', 'Firefox', '', '', 'ko', '', '203.0.113.0/24');

UPDATE link_batches SET summed_at = 1790000000000000 WHERE number = (SELECT max(number) FROM link_batches) AND summed_at IS NULL;

INSERT INTO link_grams (link_grams, rowid, grams) VALUES ('delete', (SELECT max(id) FROM links), 'xb2f5 xc0ac xb2f5xc0ac');

UPDATE links SET
    url = '', url_hash = 0, text_key = '', title = NULL, notes = NULL, tags = '[]', password_hash = NULL, deleted_at = 1790000000000000
WHERE id = (SELECT max(id) FROM links);

INSERT INTO link_origins (owner_id, origin, link_id)
VALUES ((SELECT max(id) FROM users), 'autumn' || (SELECT count(*) FROM link_origins), (SELECT max(id) FROM links));

INSERT INTO link_imports (
    owner_id, runner, file, file_name, source, new_slugs, own_url, is_dry_run, state,
    total, added, renamed, present, refused, lines, created_at, updated_at
)
VALUES (
    (SELECT max(id) FROM users), 'runner', 'abcdef', 'links.csv', 'csv', 0, 'https://short.example', 1, 'waiting',
    0, 0, 0, 0, 0, '[]', 1790000000000000, 1790000000000000
)
ON CONFLICT DO NOTHING
RETURNING id;

UPDATE link_imports SET state = 'done', total = 1, added = 1, updated_at = 1790000000000000 WHERE id = (SELECT max(id) FROM link_imports);

UPDATE link_imports SET file = NULL WHERE file IS NOT NULL AND updated_at <= 1790000000000000;

INSERT INTO link_blocked_hosts (host, created_at)
VALUES ('autumn' || (SELECT count(*) FROM link_blocked_hosts) || '.example', 1790000000000000);

SELECT host FROM link_blocked_hosts;
