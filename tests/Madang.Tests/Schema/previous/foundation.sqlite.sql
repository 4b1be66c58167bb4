-- level: foundation 0004
-- What the code of that level did to the accounts' tables, statement by statement: it still runs beside a server that has migrated.
INSERT INTO users (email, email_key, username, password_hash, security_stamp, role, created_at, updated_at)
VALUES ((SELECT count(*) || '@example.com' FROM users), (SELECT count(*) || '@example.com' FROM users), '김', 'hash', 'stamp', 'member', 1790000000000000, 1790000000000000)
RETURNING id;

SELECT id, email, email_verified_at, new_email, username, password_hash, security_stamp, role, language, theme, time_zone, disabled_at, deleted_at, created_at, updated_at FROM users
WHERE id = (SELECT max(id) FROM users);

UPDATE users SET
    email = 'a' || email, email_key = 'a' || email_key, email_verified_at = NULL, new_email = NULL, username = '이', password_hash = 'other', security_stamp = 'stamp', role = 'admin', language = 'ko', theme = NULL, time_zone = NULL,
    disabled_at = NULL, deleted_at = NULL, updated_at = 1790000000000001
WHERE id = (SELECT max(id) FROM users);

INSERT INTO sessions (user_id, kind, address, agent, created_at, expires_at)
VALUES ((SELECT max(id) FROM users), 'Web', '192.0.2.0/24', 'Mozilla', 1790000000000000, 1890000000000000)
RETURNING id;

SELECT user_id FROM sessions WHERE id = (SELECT max(id) FROM sessions) AND revoked_at IS NULL AND expires_at > 1790000000000000;

UPDATE users SET is_shown_apart = 1, signed_out_at = 1790000000000000 WHERE id = (SELECT max(id) FROM users);

SELECT is_shown_apart, signed_out_at FROM users WHERE id = (SELECT max(id) FROM users);

UPDATE sessions SET last_used_at = 1790000000000000 WHERE id = (SELECT max(id) FROM sessions);

UPDATE sessions SET revoked_at = 1790000000000000 WHERE id = (SELECT max(id) FROM sessions) AND revoked_at IS NULL;

INSERT INTO sign_ins (email_hash, how, address, device, agent, outcome, at)
VALUES (x'0102', 'password', '192.0.2.0/24', NULL, 'Mozilla', 'trying', 1790000000000000)
RETURNING id;

UPDATE sign_ins SET outcome = 'signed_in', user_id = (SELECT max(id) FROM users) WHERE id = (SELECT max(id) FROM sign_ins);

SELECT coalesce(device, address) = '192.0.2.0/24' AS is_here, outcome = 'trying' AND at > 1780000000000000 AS is_open, count(*) AS count
FROM sign_ins
WHERE email_hash = x'0102' AND at > 1780000000000000 AND outcome IN ('signed_in', 'trying')
GROUP BY 1, 2;

SELECT how, address, at FROM sign_ins WHERE user_id = (SELECT max(id) FROM users) ORDER BY id;

INSERT INTO mailed_links (purpose, email_hash, user_id, email, hash, created_at, expires_at)
VALUES ('reset', x'0102', (SELECT max(id) FROM users), NULL, NULL, 1790000000000000, 1890000000000000)
RETURNING id;

SELECT id FROM mailed_links WHERE email_hash = x'0102' AND used_at IS NULL;

DELETE FROM mailed_links WHERE user_id = (SELECT max(id) FROM users);

DELETE FROM sign_ins WHERE user_id = (SELECT max(id) FROM users) OR email_hash = x'0102';

DELETE FROM sessions WHERE user_id = (SELECT max(id) FROM users);

INSERT INTO identities (issuer, subject, user_id, provider, email, created_at, last_used_at)
VALUES ('https://issuer.example', (SELECT max(id) FROM users), (SELECT max(id) FROM users), 'acme', NULL, 1790000000000000, 1790000000000000)
ON CONFLICT (issuer, subject) DO NOTHING;

SELECT user_id, users.email, identities.email AS identity_email, last_used_at, disabled_at, deleted_at
FROM identities
JOIN users ON users.id = user_id
WHERE issuer = 'https://issuer.example' AND subject = (SELECT CAST(max(id) AS text) FROM users);

UPDATE identities SET last_used_at = 1790000000000000, email = 'a@example.com' WHERE issuer = 'https://issuer.example';

SELECT id, issuer, subject, provider, email, created_at, last_used_at FROM identities
WHERE user_id = (SELECT max(id) FROM users)
ORDER BY id;

INSERT INTO used_states (hash, used_at) VALUES (x'0102', 1790000000000000) ON CONFLICT (hash) DO NOTHING;

DELETE FROM used_states WHERE hash IN (SELECT hash FROM used_states WHERE used_at < 1890000000000000 ORDER BY used_at LIMIT 100);

DELETE FROM identities WHERE id = (SELECT max(id) FROM identities) AND user_id = (SELECT max(id) FROM users) RETURNING provider;
