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
    PRIMARY KEY (book_id, place)
);
CREATE UNIQUE INDEX book_tags_of_tag ON book_tags (tag_id, book_id);

CREATE TABLE loans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    book_id bigint NOT NULL REFERENCES books (id),
    quantity bigint NOT NULL CHECK (quantity > 0),
    due_at timestamptz NOT NULL,
    renewals bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    returned_at timestamptz,
    -- When the borrower was told that it is due soon, or overdue; nothing again after a renewal.
    soon_told_at timestamptz,
    overdue_told_at timestamptz
);
CREATE INDEX loans_of_user ON loans (user_id, id);
CREATE INDEX loans_of_user_open ON loans (user_id, due_at, id) WHERE returned_at IS NULL;
CREATE INDEX loans_of_book ON loans (book_id, id);
CREATE INDEX loans_of_book_open ON loans (book_id, id) WHERE returned_at IS NULL;
CREATE INDEX loans_by_due_date ON loans (due_at, id) WHERE returned_at IS NULL;
CREATE INDEX loans_to_tell_soon ON loans (due_at) WHERE returned_at IS NULL AND soon_told_at IS NULL;
CREATE INDEX loans_to_tell_overdue ON loans (due_at) WHERE returned_at IS NULL AND overdue_told_at IS NULL;

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

-- Who waits for a copy, first come, first served. All of a book's change under the lock of its row.
CREATE TABLE holds (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    book_id bigint NOT NULL REFERENCES books (id),
    created_at timestamptz NOT NULL,
    -- Since when a copy is put aside, which is then not in the stock, and until when it is.
    ready_at timestamptz,
    pick_up_until timestamptz,
    ended_at timestamptz,
    -- borrowed, cancelled, expired or gone (the book is).
    outcome text
);
CREATE UNIQUE INDEX holds_open ON holds (user_id, book_id) WHERE ended_at IS NULL;
CREATE INDEX holds_of_user ON holds (user_id, id) WHERE ended_at IS NULL;
CREATE INDEX holds_waiting ON holds (book_id, id) WHERE ended_at IS NULL AND ready_at IS NULL;
CREATE INDEX holds_ready ON holds (pick_up_until, id) WHERE ended_at IS NULL AND ready_at IS NOT NULL;
CREATE INDEX holds_of_book ON holds (book_id, id);

-- What a member is told on his home page, once for each thing and day that it is about.
CREATE TABLE library_notices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    loan_id bigint REFERENCES loans (id),
    hold_id bigint REFERENCES holds (id),
    until timestamptz NOT NULL,
    at timestamptz NOT NULL,
    dismissed_at timestamptz
);
CREATE UNIQUE INDEX library_notices_of_loan ON library_notices (loan_id, kind, until) WHERE loan_id IS NOT NULL;
CREATE UNIQUE INDEX library_notices_of_hold ON library_notices (hold_id, kind, until) WHERE hold_id IS NOT NULL;
CREATE INDEX library_notices_by_day ON library_notices (until);
CREATE INDEX library_notices_shown ON library_notices (user_id, until, id) WHERE dismissed_at IS NULL;

-- A calendar's address is a secret: its hash alone is kept.
CREATE TABLE library_calendars (
    user_id bigint PRIMARY KEY REFERENCES users (id),
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

CREATE TABLE book_imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES users (id),
    runner text NOT NULL,
    file text,
    file_name text NOT NULL,
    -- Whose file it was said to be; null where its content is to tell.
    source text,
    is_dry_run boolean NOT NULL,
    state text NOT NULL,
    total bigint NOT NULL,
    added bigint NOT NULL,
    present bigint NOT NULL,
    refused bigint NOT NULL,
    -- The first of each outcome; book_import_parts has them all.
    lines text NOT NULL,
    problem text,
    detail text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX book_imports_of_owner ON book_imports (owner_id, id);
CREATE UNIQUE INDEX book_imports_open ON book_imports (owner_id) WHERE state IN ('waiting', 'running');
CREATE INDEX book_imports_with_file ON book_imports (updated_at) WHERE file IS NOT NULL;

-- What became of an import's lines, some of them in each row, written with the books of these lines.
CREATE TABLE book_import_parts (
    import_id bigint NOT NULL REFERENCES book_imports (id) ON DELETE CASCADE,
    number bigint NOT NULL,
    lines text NOT NULL,
    PRIMARY KEY (import_id, number)
);

-- The cover that somebody brought for a book. A row goes by its removed_at; the file and what is left of the row a day later
-- (Foundation/Files/FileStore.cs).
CREATE TABLE book_covers (
    id text COLLATE "C" PRIMARY KEY,
    book_id bigint NOT NULL REFERENCES books (id),
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz
);
CREATE UNIQUE INDEX book_covers_of_book ON book_covers (book_id) WHERE removed_at IS NULL;
CREATE INDEX book_covers_removed ON book_covers (removed_at, id) WHERE removed_at IS NOT NULL;

-- What is sample data, to be taken away again: book, tag, loan or hold.
CREATE TABLE library_samples (
    thing text NOT NULL,
    id bigint NOT NULL,
    PRIMARY KEY (thing, id)
);
