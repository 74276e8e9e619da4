-- What an automatic reply proposes and a person decides: a long absence, a departure to come, another address.

-- SQLite changes no CHECK of a table, so it is written anew.
CREATE TABLE reply_new (
    id TEXT PRIMARY KEY,
    -- SHA-256 of the mail as it was read: each is acted upon once.
    hash TEXT NOT NULL UNIQUE,
    read_at INTEGER NOT NULL,
    -- None where it speaks of no message of ours.
    round_id TEXT REFERENCES round (id),
    contact_id TEXT REFERENCES contact (id),
    message_id TEXT REFERENCES message (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('dead', 'bounced', 'arrived', 'complaint', 'away', 'away_long', 'left', 'leaving', 'new_address', 'challenge', 'automatic', 'reply', 'unmatched', 'unreadable')),
    -- 'open': somebody has to look at it.
    state TEXT NOT NULL CHECK (state IN ('open', 'handled', 'noted')),
    from_name TEXT NOT NULL,
    from_email TEXT NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL,
    why TEXT NOT NULL,
    -- Whom it asks to write to instead, one address after the other.
    write_to TEXT NOT NULL,
    handled_at INTEGER,
    handled_by TEXT,
    note TEXT,
    -- The last day away that it names, where nobody has believed it yet.
    away_until TEXT,
    -- The address that it gives as the contact's own.
    new_email TEXT
) STRICT;
INSERT INTO reply_new (id, hash, read_at, round_id, contact_id, message_id, verdict, state, from_name, from_email, subject, words, why, write_to, handled_at, handled_by, note)
    SELECT id, hash, read_at, round_id, contact_id, message_id, verdict, state, from_name, from_email, subject, words, why, write_to, handled_at, handled_by, note FROM reply;
DROP TABLE reply;
ALTER TABLE reply_new RENAME TO reply;
CREATE INDEX reply_open ON reply (round_id, read_at, id) WHERE state = 'open';
CREATE INDEX reply_by_contact ON reply (contact_id, read_at, id);
CREATE INDEX reply_by_message ON reply (message_id, read_at, id);

-- Whose absence leaves no time for anything more in the round.
CREATE INDEX contact_absent ON contact (round_id, id) WHERE waiting_for = 'absent';
