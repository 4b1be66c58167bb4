-- expand
-- What came of the pictures that an import's memos show.
ALTER TABLE memo_imports ADD COLUMN pictures integer NOT NULL DEFAULT 0;
ALTER TABLE memo_imports ADD COLUMN pictures_refused integer NOT NULL DEFAULT 0;
