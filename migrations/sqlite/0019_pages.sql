-- Pages that answer a form which was refused: kept for an hour, so that Back and Reload are harmless. Enciphered under a key that is in the
-- visitor's address only.

CREATE TABLE kept_page (
    -- SHA-256 of the secret in the address.
    hash TEXT PRIMARY KEY,
    page TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_page_until ON kept_page (until);

-- Rows of the list that was loaded last which could not be used, so that the director to whom they belong sees who is missing.
CREATE TABLE left_out (
    round_id TEXT NOT NULL REFERENCES round (id),
    line INTEGER NOT NULL,
    who TEXT NOT NULL,
    account TEXT NOT NULL,
    account_key TEXT NOT NULL,
    director_key TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (round_id, line)
) STRICT;
