-- Who may sign for an account director, or for the sales director: because he has asked a colleague, or because he has not answered.
CREATE TABLE delegation (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    level TEXT NOT NULL CHECK (level IN ('director', 'sales_director')),
    -- Whose accounts, by his address; the delegation ends with his being their director.
    of_email TEXT NOT NULL,
    -- None: every account of his, also one that comes later.
    account_id TEXT,
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('colleague', 'deputy', 'regional_head')),
    by_whom TEXT NOT NULL,
    came_from TEXT NOT NULL,
    at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT
);
CREATE INDEX delegation_to ON delegation (round_id, level, to_email);
CREATE INDEX delegation_of ON delegation (round_id, level, of_email);

-- Whoever was asked only for somebody else sees that one's accounts, and not all of his level.
ALTER TABLE request ADD COLUMN stands_in BIGINT NOT NULL DEFAULT 0;
