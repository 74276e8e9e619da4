-- Repair: a dead address is a task like a departure, an account manager is asked by mail, a successor takes a place on the list; and the
-- ledger remembers under which words a message left.

-- 'replace': has left, a successor is to be found; 'correct': the address is dead.
ALTER TABLE task DROP CONSTRAINT task_kind_check;
ALTER TABLE task ADD CONSTRAINT task_kind_check CHECK (kind IN ('replace', 'correct'));
-- Addresses that a reply asked to write to instead, one a line.
ALTER TABLE task ADD COLUMN proposed TEXT NOT NULL DEFAULT '';

-- In whose place a contact stands, and since when; none for those of the list.
ALTER TABLE contact ADD COLUMN replaces TEXT REFERENCES contact (id);
ALTER TABLE contact ADD COLUMN joined_at BIGINT;
CREATE INDEX contact_by_predecessor ON contact (replaces) WHERE replaces IS NOT NULL;

-- Who is asked to repair the contacts of his accounts: one per person and round. Of the link only the hash.
CREATE TABLE repair_request (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    -- How many mails asked so far, and when the next is due; none when nothing is left to repair.
    asked BIGINT NOT NULL DEFAULT 0,
    asked_at BIGINT,
    next_ask_at BIGINT,
    UNIQUE (round_id, email)
);
CREATE INDEX repair_to_ask ON repair_request (round_id, next_ask_at) WHERE next_ask_at IS NOT NULL;

-- The version of the round at the mark: which settings and words the message left with.
ALTER TABLE message ADD COLUMN round_version BIGINT;

-- The texts of a round, each set once however many versions of the round have it.
CREATE TABLE wording (
    -- SHA-256 of the words; the round's id for what was there before words were kept.
    id TEXT PRIMARY KEY,
    words TEXT NOT NULL
);
ALTER TABLE plan_history ADD COLUMN wording TEXT REFERENCES wording (id);
INSERT INTO wording (id, words) SELECT id, words FROM round;
UPDATE plan_history SET wording = round_id
    WHERE version = (SELECT max(h.version) FROM plan_history h WHERE h.round_id = plan_history.round_id);
