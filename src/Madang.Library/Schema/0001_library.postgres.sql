-- expand
CREATE TABLE books (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    author text NOT NULL,
    publisher text,
    isbn text NOT NULL,
    -- The thirteen digits of either form.
    isbn_key text COLLATE "C" NOT NULL,
    -- Folded, and the initial consonants of what is Korean (Foundation/Data/Initials.cs): what a search looks into.
    title_key text COLLATE "C" NOT NULL,
    author_key text COLLATE "C" NOT NULL,
    title_initials text COLLATE "C" NOT NULL,
    author_initials text COLLATE "C" NOT NULL,
    -- Copies that can be borrowed now: the sum of the book's lines in stock_changes.
    stock bigint NOT NULL CHECK (stock >= 0),
    published_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE UNIQUE INDEX books_by_isbn ON books (isbn_key) WHERE deleted_at IS NULL;
CREATE INDEX books_newest ON books (id) WHERE deleted_at IS NULL;
CREATE INDEX books_by_title ON books (title_key, id) WHERE deleted_at IS NULL;
CREATE INDEX books_by_publication ON books (published_at NULLS FIRST, id) WHERE deleted_at IS NULL;

-- Bigrams of title and author, and of their initial consonants.
CREATE TABLE book_grams (
    book_id bigint PRIMARY KEY REFERENCES books (id) ON DELETE CASCADE,
    grams text[] COLLATE "C" NOT NULL
);
CREATE INDEX book_grams_by_gram ON book_grams USING gin (grams);

CREATE TABLE tags (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

CREATE TABLE book_tags (
    book_id bigint NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    tag_id bigint NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    place bigint NOT NULL,
    PRIMARY KEY (book_id, tag_id)
);
CREATE INDEX book_tags_of_tag ON book_tags (tag_id, book_id);

CREATE TABLE loans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    book_id bigint NOT NULL REFERENCES books (id),
    quantity bigint NOT NULL CHECK (quantity > 0),
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    returned_at timestamptz
);
CREATE INDEX loans_of_user ON loans (user_id, id);
CREATE INDEX loans_of_user_open ON loans (user_id) WHERE returned_at IS NULL;
CREATE INDEX loans_of_book ON loans (book_id, id);
CREATE INDEX loans_of_book_open ON loans (book_id) WHERE returned_at IS NULL;

-- The ledger: why a book's stock is what it is.
CREATE TABLE stock_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id bigint NOT NULL REFERENCES books (id),
    loan_id bigint REFERENCES loans (id),
    actor_id bigint REFERENCES users (id),
    kind text NOT NULL,
    change bigint NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX stock_changes_of_book ON stock_changes (book_id, id);
