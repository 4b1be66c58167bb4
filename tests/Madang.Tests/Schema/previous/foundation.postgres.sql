-- level: foundation 0002
-- What the code of that level did to the accounts' tables where this level's code does it otherwise or beside it.
INSERT INTO users (email, email_key, username, password_hash, security_stamp, role, created_at, updated_at)
VALUES ('kim@example.com', 'kim@example.com', '김', 'hash', 'stamp', 'member', '2026-09-21T14:13:20Z', '2026-09-21T14:13:20Z')
ON CONFLICT (email_key) DO UPDATE SET username = excluded.username
RETURNING id;

INSERT INTO sign_ins (email_hash, how, address, device, outcome, at)
VALUES ('\x01', 'password', '127.0.0.0/24', NULL, 'trying', '2026-09-21T14:13:20Z')
RETURNING id;

UPDATE sign_ins SET outcome = 'signed_in', user_id = (SELECT max(id) FROM users WHERE email_key = 'kim@example.com')
WHERE id = (SELECT max(id) FROM sign_ins);

SELECT id FROM users
WHERE email_key = 'kim@example.com' AND password_hash = 'hash' AND disabled_at IS NULL AND deleted_at IS NULL
FOR SHARE;

INSERT INTO sessions (user_id, kind, address, agent, created_at, expires_at)
VALUES ((SELECT max(id) FROM users WHERE email_key = 'kim@example.com'), 'Web', '127.0.0.0/24', '', '2026-09-21T14:13:20Z', '2026-09-21T14:13:20Z')
RETURNING id;

DELETE FROM sign_ins WHERE user_id = (SELECT max(id) FROM users WHERE email_key = 'kim@example.com') OR email_hash = '\x02';

DELETE FROM sessions WHERE user_id = (SELECT max(id) FROM users WHERE email_key = 'kim@example.com');
