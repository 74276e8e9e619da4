-- Repair: a dead address is a task like a departure, an account manager is asked by mail, a successor takes a place on the list; and the
-- ledger remembers under which words a message left.

CREATE TABLE task_rebuilt (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    contact_id TEXT NOT NULL REFERENCES contact (id),
    -- 'replace': has left, a successor is to be found; 'correct': the address is dead.
    kind TEXT NOT NULL CHECK (kind IN ('replace', 'correct')),
    why TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    closed_at INTEGER,
    closed_by TEXT,
    outcome TEXT,
    -- Addresses that a reply asked to write to instead, one a line.
    proposed TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO task_rebuilt (id, round_id, contact_id, kind, why, opened_at, opened_by, closed_at, closed_by, outcome)
    SELECT id, round_id, contact_id, kind, why, opened_at, opened_by, closed_at, closed_by, outcome FROM task;
DROP TABLE task;
ALTER TABLE task_rebuilt RENAME TO task;
CREATE UNIQUE INDEX task_open ON task (contact_id, kind) WHERE closed_at IS NULL;
CREATE INDEX task_by_round ON task (round_id, opened_at, id);

-- In whose place a contact stands, and since when; none for those of the list.
ALTER TABLE contact ADD COLUMN replaces TEXT REFERENCES contact (id);
ALTER TABLE contact ADD COLUMN joined_at INTEGER;
CREATE INDEX contact_by_predecessor ON contact (replaces) WHERE replaces IS NOT NULL;

-- Who is asked to repair the contacts of his accounts: one per person and round. Of the link only the hash.
CREATE TABLE repair_request (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    -- How many mails asked so far, and when the next is due; none when nothing is left to repair.
    asked INTEGER NOT NULL DEFAULT 0,
    asked_at INTEGER,
    next_ask_at INTEGER,
    UNIQUE (round_id, email)
) STRICT;
CREATE INDEX repair_to_ask ON repair_request (round_id, next_ask_at) WHERE next_ask_at IS NOT NULL;

-- The version of the round at the mark: which settings and words the message left with.
ALTER TABLE message ADD COLUMN round_version INTEGER;

-- The texts of a round, each set once however many versions of the round have it.
CREATE TABLE wording (
    -- SHA-256 of the words; the round's id for what was there before words were kept.
    id TEXT PRIMARY KEY,
    words TEXT NOT NULL
) STRICT;
ALTER TABLE plan_history ADD COLUMN wording TEXT REFERENCES wording (id);
INSERT INTO wording (id, words) SELECT id, words FROM round;
UPDATE plan_history SET wording = round_id
    WHERE version = (SELECT max(h.version) FROM plan_history h WHERE h.round_id = plan_history.round_id);
