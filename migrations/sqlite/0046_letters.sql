-- A letter that somebody has sent to himself to look at: what was typed, as none of it has to be saved, for whom it was made, and to whom it
-- went. Of a round without a list its reader is invented.
CREATE TABLE test_letter (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    reader TEXT REFERENCES contact (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX test_letter_by_address ON test_letter (email_key, at, id);

-- The letters that an approval covers: the version of the round they are of, and their fingerprints as JSON by language, kind and number.
-- None: of an approval that was asked for before letters were shown.
ALTER TABLE approval ADD COLUMN round_version INTEGER;
ALTER TABLE approval ADD COLUMN letters TEXT;
