-- level: memos 0004
-- What the code of that level did to the memos tables, statement by statement: it still runs beside a server that has migrated.
INSERT INTO users (username, security_stamp, role, created_at, updated_at)
VALUES ('김', 'stamp', 'member', 1790000000000000, 1790000000000000);

INSERT INTO memos (owner_id, text, text_key, visibility, pinned_at, created_at, updated_at)
VALUES ((SELECT max(id) FROM users), '답사 #가을', '답사 #가을', 'team', 1790000000000000, 1790000000000000, 1790000000000000)
RETURNING id, text, visibility, pinned_at, archived_at, created_at, updated_at, owner_id AS author_id;

INSERT INTO memo_tags (memo_id, key, name, is_written, owner_id, created_at)
VALUES ((SELECT max(id) FROM memos), '가을', '가을', 1, (SELECT max(id) FROM users), 1790000000000000);

INSERT INTO memo_grams (rowid, grams) VALUES ((SELECT max(id) FROM memos), 'xb2f5 xc0ac xb2f5xc0ac');

SELECT id, text, visibility, pinned_at, archived_at, created_at, updated_at, owner_id AS author_id FROM memos
WHERE id = (SELECT max(id) FROM memos) AND deleted_at IS NULL AND visibility = 'team';

SELECT memos.id, text, visibility, pinned_at, archived_at, memos.created_at, updated_at, memos.owner_id AS author_id
FROM memos
JOIN memo_tags ON memo_tags.memo_id = memos.id AND key = '가을' AND memo_tags.owner_id = (SELECT max(id) FROM users)
WHERE memos.owner_id = (SELECT max(id) FROM users) AND deleted_at IS NULL AND archived_at IS NULL AND pinned_at IS NOT NULL
ORDER BY memo_tags.created_at DESC, memo_tags.memo_id DESC
LIMIT 21;

SELECT memos.id, text, memos.created_at
FROM memos
JOIN memo_grams ON memo_grams.rowid = memos.id AND memo_grams MATCH 'xb2f5xc0ac'
WHERE visibility = 'team' AND deleted_at IS NULL AND archived_at IS NULL AND instr(text_key, '답사') > 0
ORDER BY memos.created_at DESC, memos.id DESC
LIMIT 21;

SELECT min(name) AS name, count(*) AS count
FROM memo_tags
JOIN memos ON memos.id = memo_id
WHERE memo_tags.owner_id = (SELECT max(id) FROM users) AND is_written AND deleted_at IS NULL AND archived_at IS NULL
GROUP BY key
ORDER BY count(*) DESC, key
LIMIT 20;

UPDATE memos SET
    text = '답사', text_key = '답사', visibility = 'team', pinned_at = NULL, archived_at = 1790000000000000, updated_at = 1790000000000000
WHERE id = (SELECT max(id) FROM memos);

INSERT INTO memo_versions (memo_id, text, written_at, replaced_at)
VALUES ((SELECT max(id) FROM memos), '답사 #가을', 1790000000000000, 1790000000000000);

SELECT replaced_at FROM memo_versions
WHERE memo_id = (SELECT max(memo_id) FROM memo_versions)
ORDER BY written_at DESC, id DESC
LIMIT 1;

SELECT id, text, written_at FROM memo_versions
WHERE memo_id = (SELECT max(id) FROM memos)
ORDER BY written_at DESC, id DESC
LIMIT 21;

INSERT INTO memo_pictures (id, owner_id, media_type, width, height, bytes, created_at)
VALUES ('picture' || (SELECT count(*) FROM memo_pictures), (SELECT max(id) FROM users), 'image/png', 1, 1, 70, 1790000000000000)
RETURNING id, media_type, width, height, bytes, created_at;

INSERT INTO memo_picture_uses (memo_id, picture_id, is_current)
SELECT (SELECT max(id) FROM memos), id, 1 FROM memo_pictures
WHERE owner_id = (SELECT max(id) FROM users) AND removed_at IS NULL
ON CONFLICT (memo_id, picture_id) DO UPDATE SET is_current = 1;

UPDATE memo_picture_uses SET is_current = 0 WHERE memo_id = (SELECT max(id) FROM memos);

SELECT CAST(COALESCE(SUM(bytes), 0) AS bigint) FROM memo_pictures WHERE owner_id = (SELECT max(id) FROM users) AND removed_at IS NULL;

UPDATE memo_pictures SET removed_at = 1790000000000000 WHERE owner_id = (SELECT max(id) FROM users) AND removed_at IS NULL;

INSERT INTO memo_imports (
    owner_id, runner, file, file_name, author, is_dry_run, state, total, added, present, refused, refusals,
    created_at, updated_at
)
VALUES ((SELECT max(id) FROM users), 'runner', 'file', 'memos.zip', NULL, 1, 'waiting', 0, 0, 0, 0, '[]', 1790000000000000, 1790000000000000)
ON CONFLICT DO NOTHING
RETURNING id, owner_id, file, file_name, author, is_dry_run, state, total, added, present, refused, refusals, problem, detail,
    created_at, updated_at;

INSERT INTO memo_origins (owner_id, origin, memo_id)
VALUES ((SELECT max(id) FROM users), 'import:' || (SELECT max(id) FROM memos), (SELECT max(id) FROM memos));

UPDATE memo_imports SET
    total = 1, added = 1, present = 0, refused = 0, updated_at = 1790000000000000
WHERE id = (SELECT max(id) FROM memo_imports);

UPDATE memo_imports SET
    state = 'done', problem = NULL, detail = NULL, updated_at = 1790000000000000, refusals = '[]',
    total = 1, added = 1, present = 0, refused = 0
WHERE id = (SELECT max(id) FROM memo_imports);

UPDATE memo_imports SET
    state = 'waiting', is_dry_run = 0, runner = 'runner', updated_at = 1790000000000000,
    total = 0, added = 0, present = 0, refused = 0, refusals = '[]'
WHERE id = (SELECT max(id) FROM memo_imports) AND state = 'done' AND is_dry_run = 1 AND file IS NOT NULL
RETURNING id, owner_id, file, file_name, author, is_dry_run, state, total, added, present, refused, refusals, problem, detail,
    created_at, updated_at;

UPDATE memo_imports SET state = 'failed', problem = 'interrupted'
WHERE owner_id = (SELECT max(id) FROM users) AND state IN ('waiting', 'running');

DELETE FROM memo_tags WHERE memo_id = (SELECT max(id) FROM memos);

INSERT INTO memo_grams (memo_grams, rowid, grams)
VALUES ('delete', (SELECT max(id) FROM memos), 'xb2f5 xc0ac xb2f5xc0ac');

UPDATE memos SET deleted_at = 1790000000000000 WHERE id = (SELECT max(id) FROM memos);

UPDATE memos SET deleted_at = NULL
WHERE id = (SELECT max(id) FROM memos) AND owner_id = (SELECT max(id) FROM users) AND deleted_at IS NOT NULL
RETURNING id, text, visibility, pinned_at, archived_at, created_at, updated_at, owner_id AS author_id;

SELECT id, text, visibility FROM memos WHERE owner_id = (SELECT max(id) FROM users) ORDER BY id;

DELETE FROM memos WHERE id = (SELECT max(id) FROM memos);
