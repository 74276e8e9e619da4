-- Pages that answer a form which was refused: kept for an hour, so that Back and Reload are harmless. Enciphered under a key that is in the
-- visitor's address only.

CREATE TABLE kept_page (
    -- SHA-256 of the secret in the address.
    hash TEXT PRIMARY KEY,
    page TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_page_until ON kept_page (until);
