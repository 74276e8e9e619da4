-- The reply desk finishes what it begins: who has a mail, until when it rests and what was done with it; the journal by person and by day;
-- filters of lists that operators keep (decision 0065).

-- The Message-ID of the mail itself, where it has one that can be answered.
ALTER TABLE reply ADD COLUMN own_id TEXT;
-- Who has it; none: nobody.
ALTER TABLE reply ADD COLUMN owner TEXT;
-- Nobody is to look at it before this instant.
ALTER TABLE reply ADD COLUMN rests_until INTEGER;
-- Counts what was done with it on the desk.
ALTER TABLE reply ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE INDEX reply_done ON reply (round_id, handled_at, id) WHERE state = 'handled';

CREATE TABLE desk_act (
    id TEXT PRIMARY KEY,
    reply_id TEXT NOT NULL REFERENCES reply (id),
    -- Of the reply after it.
    version INTEGER NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('answered', 'forwarded', 'noted', 'given', 'put_off')),
    by_whom TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- To whom it was written or given; empty: to nobody.
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    -- In whose name it was written.
    from_name TEXT NOT NULL,
    from_email TEXT NOT NULL,
    words TEXT NOT NULL,
    -- On which it comes back, as 2027-02-15.
    day TEXT,
    UNIQUE (reply_id, version)
) STRICT;

CREATE INDEX journal_by_at ON journal (at, id);
CREATE INDEX journal_by_actor ON journal (actor, at, id);

CREATE TABLE saved_view (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    operator TEXT NOT NULL,
    list TEXT NOT NULL CHECK (list IN ('contacts', 'accounts', 'outbox', 'calls')),
    name TEXT NOT NULL,
    -- What stands behind the question mark of the address.
    query TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (round_id, operator, list, name)
) STRICT;
