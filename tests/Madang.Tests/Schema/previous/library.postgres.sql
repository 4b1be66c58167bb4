-- level: library 0001
-- What the code of that level did to the library's tables, statement by statement: it still runs beside a server that has migrated.
INSERT INTO users (username, security_stamp, role, created_at, updated_at)
VALUES ('김', 'stamp', 'member', timestamptz '2026-09-21T14:13:20Z', timestamptz '2026-09-21T14:13:20Z');

INSERT INTO books (
    title, author, publisher, isbn, isbn_key, title_key, author_key, title_initials, author_initials, stock, published_at,
    created_at, updated_at
)
VALUES (
    '가을 산책', '김하늘', NULL, '9791190090018', '979119009001' || (SELECT count(*) FROM books), '가을 산책', '김하늘', 'ㄱㅇㅅㅊ', 'ㄱㅎㄴ', 2, timestamptz '2026-09-21T14:13:20Z',
    timestamptz '2026-09-21T14:13:20Z', timestamptz '2026-09-21T14:13:20Z'
)
ON CONFLICT DO NOTHING
RETURNING id;

INSERT INTO book_grams (book_id, grams) VALUES ((SELECT max(id) FROM books), '{axac00,axc744,axac00xc744}');

INSERT INTO tags (name, name_key, created_at) VALUES ('여행', '여행' || (SELECT count(*) FROM tags), timestamptz '2026-09-21T14:13:20Z')
ON CONFLICT DO NOTHING
RETURNING id AS tag_id, name;

INSERT INTO book_tags (book_id, tag_id, place)
SELECT (SELECT max(id) FROM books), id, 0 FROM tags WHERE id = (SELECT max(id) FROM tags);

INSERT INTO stock_changes (book_id, loan_id, actor_id, kind, change, at)
VALUES ((SELECT max(id) FROM books), NULL, (SELECT max(id) FROM users), 'counted', 2, timestamptz '2026-09-21T14:13:20Z');

SELECT books.id, books.title, books.author, books.publisher, books.isbn, books.stock, books.published_at, books.created_at, books.updated_at FROM books
JOIN book_grams ON book_grams.book_id = books.id AND grams @> '{axac00xc744}'
WHERE deleted_at IS NULL AND strpos(title_key, '가을') > 0
ORDER BY books.id DESC
LIMIT 20;

SELECT book_id, tag_id, name FROM book_tags
JOIN tags ON tags.id = tag_id
WHERE book_id = (SELECT max(id) FROM books)
ORDER BY book_id, place;

INSERT INTO loans (user_id, book_id, quantity, due_at, created_at)
VALUES ((SELECT max(id) FROM users), (SELECT max(id) FROM books), 1, timestamptz '2026-09-21T14:13:20Z', timestamptz '2026-09-21T14:13:20Z')
RETURNING id AS loan_id, user_id, book_id, quantity, due_at, returned_at, created_at;

UPDATE books SET stock = stock - 1 WHERE id = (SELECT max(id) FROM books) AND deleted_at IS NULL AND stock - 1 >= 0;

UPDATE loans SET returned_at = timestamptz '2026-09-21T14:13:20Z' WHERE id = (SELECT max(id) FROM loans);

SELECT id AS loan_id, user_id, book_id, quantity, due_at, returned_at, created_at FROM loans
WHERE user_id = (SELECT max(id) FROM users)
ORDER BY id DESC
LIMIT 20;

UPDATE books SET title = '겨울 산책', title_key = '겨울 산책', updated_at = timestamptz '2026-09-21T14:13:20Z' WHERE id = (SELECT max(id) FROM books);
