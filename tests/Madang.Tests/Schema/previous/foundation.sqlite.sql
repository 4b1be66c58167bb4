-- level: foundation 0001
-- What the code of that level did to the tables that 0002 changes, statement by statement: it still runs beside a server that has migrated.
INSERT INTO users (email, email_key, username, password_hash, security_stamp, role, created_at, updated_at)
VALUES ((SELECT count(*) || '@example.com' FROM users), (SELECT count(*) || '@example.com' FROM users), '김', 'hash', 'stamp', 'member', 1790000000000000, 1790000000000000)
RETURNING id;

SELECT id, email, username, password_hash, security_stamp, role, language, theme, time_zone, disabled_at, deleted_at, created_at, updated_at FROM users
WHERE id = (SELECT max(id) FROM users);

UPDATE users SET
    username = '이', password_hash = 'other', security_stamp = 'stamp', role = 'admin', language = 'ko', theme = NULL, time_zone = NULL,
    disabled_at = NULL, deleted_at = NULL, updated_at = 1790000000000001
WHERE id = (SELECT max(id) FROM users);

INSERT INTO sessions (user_id, kind, address, agent, created_at, expires_at)
VALUES ((SELECT max(id) FROM users), 'Web', '192.0.2.0/24', 'Mozilla', 1790000000000000, 1890000000000000)
RETURNING id;

SELECT user_id FROM sessions WHERE id = (SELECT max(id) FROM sessions) AND revoked_at IS NULL AND expires_at > 1790000000000000;

UPDATE sessions SET revoked_at = 1790000000000000 WHERE id = (SELECT max(id) FROM sessions) AND revoked_at IS NULL;

INSERT INTO sign_ins (email_hash, how, address, device, outcome, at)
VALUES (x'0102', 'password', '192.0.2.0/24', NULL, 'trying', 1790000000000000)
RETURNING id;

UPDATE sign_ins SET outcome = 'signed_in', user_id = (SELECT max(id) FROM users) WHERE id = (SELECT max(id) FROM sign_ins);

SELECT coalesce(device, address) = '192.0.2.0/24' AS is_here, outcome = 'trying' AND at > 1780000000000000 AS is_open, count(*) AS count
FROM sign_ins
WHERE email_hash = x'0102' AND at > 1780000000000000 AND outcome IN ('signed_in', 'trying')
GROUP BY 1, 2;

SELECT how, address, at FROM sign_ins WHERE user_id = (SELECT max(id) FROM users) ORDER BY id;

DELETE FROM sign_ins WHERE user_id = (SELECT max(id) FROM users) OR email_hash = x'0102';

DELETE FROM sessions WHERE user_id = (SELECT max(id) FROM users);
