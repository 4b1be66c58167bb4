-- expand
-- A tag's version, raised by each write of what stands under it. The row without a name holds a number of this yard's own, once somebody has asked.
CREATE TABLE cache_tags (
    tag text PRIMARY KEY,
    version integer NOT NULL
) WITHOUT ROWID;
