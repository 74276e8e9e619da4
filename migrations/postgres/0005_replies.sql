-- What comes back: addresses and what is known of them, the mails that were read, and how far each mailbox is read.

-- Verdicts attach to the address, not to the person: in whatever round and under whatever name it is listed.
CREATE TABLE address (
    email_key TEXT PRIMARY KEY,
    -- Proven: nothing goes there until it is corrected.
    dead_at BIGINT,
    dead_because TEXT,
    -- Failures that say nothing about the address.
    soft_bounces BIGINT NOT NULL DEFAULT 0,
    last_soft_at BIGINT,
    complained_at BIGINT
);

CREATE TABLE reply (
    id TEXT PRIMARY KEY,
    -- SHA-256 of the mail as it was read: each is acted upon once.
    hash TEXT NOT NULL UNIQUE,
    read_at BIGINT NOT NULL,
    -- None where it speaks of no message of ours.
    round_id TEXT REFERENCES round (id),
    contact_id TEXT REFERENCES contact (id),
    message_id TEXT REFERENCES message (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('dead', 'bounced', 'arrived', 'complaint', 'away', 'left', 'automatic', 'reply', 'unmatched', 'unreadable')),
    -- 'open': somebody has to look at it.
    state TEXT NOT NULL CHECK (state IN ('open', 'handled', 'noted')),
    from_name TEXT NOT NULL,
    from_email TEXT NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL,
    why TEXT NOT NULL,
    -- Whom it asks to write to instead, one address after the other.
    write_to TEXT NOT NULL,
    handled_at BIGINT,
    handled_by TEXT,
    note TEXT
);
CREATE INDEX reply_open ON reply (round_id, read_at, id) WHERE state = 'open';
CREATE INDEX reply_by_contact ON reply (contact_id, read_at, id);
CREATE INDEX reply_by_message ON reply (message_id, read_at, id);

-- How far a mailbox is read, kept in the transaction that acts upon what was read.
CREATE TABLE mailbox (
    name TEXT PRIMARY KEY,
    uid_validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    read_at BIGINT NOT NULL
);
