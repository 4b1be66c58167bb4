-- expand
CREATE TABLE books (
    id integer PRIMARY KEY AUTOINCREMENT,
    title text NOT NULL,
    author text NOT NULL,
    publisher text,
    isbn text NOT NULL,
    -- The thirteen digits of either form.
    isbn_key text NOT NULL,
    -- Folded, and the initial consonants of what is Korean (Foundation/Data/Initials.cs): what a search looks into.
    title_key text NOT NULL,
    author_key text NOT NULL,
    title_initials text NOT NULL,
    author_initials text NOT NULL,
    -- Copies that can be borrowed now: the sum of the book's lines in stock_changes.
    stock integer NOT NULL CHECK (stock >= 0),
    published_at integer,
    created_at integer NOT NULL,
    updated_at integer NOT NULL,
    deleted_at integer
);
CREATE UNIQUE INDEX books_by_isbn ON books (isbn_key) WHERE deleted_at IS NULL;
CREATE INDEX books_newest ON books (id) WHERE deleted_at IS NULL;
CREATE INDEX books_by_title ON books (title_key, id) WHERE deleted_at IS NULL;
CREATE INDEX books_by_publication ON books (published_at, id) WHERE deleted_at IS NULL;

-- Bigrams of title and author, and of their initial consonants.
CREATE VIRTUAL TABLE book_grams USING fts5 (grams, content = '', detail = none, columnsize = 0, tokenize = 'ascii');

CREATE TABLE tags (
    id integer PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    name_key text NOT NULL UNIQUE,
    created_at integer NOT NULL
);

CREATE TABLE book_tags (
    book_id integer NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    tag_id integer NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    place integer NOT NULL,
    PRIMARY KEY (book_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX book_tags_of_tag ON book_tags (tag_id, book_id);

CREATE TABLE loans (
    id integer PRIMARY KEY AUTOINCREMENT,
    user_id integer NOT NULL REFERENCES users (id),
    book_id integer NOT NULL REFERENCES books (id),
    quantity integer NOT NULL CHECK (quantity > 0),
    due_at integer NOT NULL,
    created_at integer NOT NULL,
    returned_at integer
);
CREATE INDEX loans_of_user ON loans (user_id, id);
CREATE INDEX loans_of_user_open ON loans (user_id) WHERE returned_at IS NULL;
CREATE INDEX loans_of_book ON loans (book_id, id);
CREATE INDEX loans_of_book_open ON loans (book_id) WHERE returned_at IS NULL;

-- The ledger: why a book's stock is what it is.
CREATE TABLE stock_changes (
    id integer PRIMARY KEY AUTOINCREMENT,
    book_id integer NOT NULL REFERENCES books (id),
    loan_id integer REFERENCES loans (id),
    actor_id integer REFERENCES users (id),
    kind text NOT NULL,
    change integer NOT NULL,
    at integer NOT NULL
);
CREATE INDEX stock_changes_of_book ON stock_changes (book_id, id);
