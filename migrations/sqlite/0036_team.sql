-- Whoever hears weekly where his part of a round stands, and opens his page by a link: account managers, account directors, the sponsor
-- (decision 0061).
CREATE TABLE team_link (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    level TEXT NOT NULL CHECK (level IN ('manager', 'director', 'sponsor')),
    name TEXT NOT NULL,
    -- As the accounts of the round have it.
    email TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    UNIQUE (round_id, level, email)
) STRICT;
