-- expand
-- The cover that somebody brought for a book. A row goes by its removed_at; the file and what is left of the row a day later
-- (Foundation/Files/FileStore.cs).
CREATE TABLE book_covers (
    id text PRIMARY KEY,
    book_id integer NOT NULL REFERENCES books (id),
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes integer NOT NULL,
    created_at integer NOT NULL,
    removed_at integer
) WITHOUT ROWID;
CREATE UNIQUE INDEX book_covers_of_book ON book_covers (book_id) WHERE removed_at IS NULL;
CREATE INDEX book_covers_removed ON book_covers (removed_at, id) WHERE removed_at IS NOT NULL;
