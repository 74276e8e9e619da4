-- Who is who: questions that a list raises, directors who had an account before, and whether an account was ever strategic.

-- Since when the sales director signs too. A started round never takes it away, whatever a later list says.
ALTER TABLE account ADD COLUMN strategic_since INTEGER;
UPDATE account SET strategic_since = 0 WHERE strategic = 1;

-- Whose an account was before a list gave it to somebody else.
CREATE TABLE past_director (
    account_id TEXT NOT NULL REFERENCES account (id),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, email)
) STRICT;
CREATE INDEX past_director_by_email ON past_director (email, account_id);

-- A row of a list whose name is known under another address. Nothing goes to the new address before somebody has answered.
CREATE TABLE list_question (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    -- Where the row stands.
    account_id TEXT NOT NULL REFERENCES account (id),
    -- Whom it may mean: somebody of this round, or of an earlier one.
    contact_id TEXT NOT NULL REFERENCES contact (id),
    -- Why it is asked: 'known', 'twice' in one list, or the lasting fact of an earlier round.
    why TEXT NOT NULL CHECK (why IN ('known', 'twice', 'opted_out', 'complained', 'left')),
    old_key TEXT NOT NULL,
    new_key TEXT NOT NULL,
    -- JSON: the row as it was read last.
    listed TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answer TEXT CHECK (answer IN ('same', 'other')),
    answered_at INTEGER,
    answered_by TEXT,
    UNIQUE (round_id, new_key, contact_id)
) STRICT;
CREATE INDEX list_question_open ON list_question (round_id, asked_at, id) WHERE answer IS NULL;
CREATE INDEX list_question_by_contact ON list_question (contact_id, id);
CREATE INDEX list_question_by_old_key ON list_question (round_id, old_key);

-- Which account's list a message left under, also when its contact is at another account now.
CREATE INDEX signature_by_list ON signature (round_id, fingerprint);

-- What was done once to the rows of an older version, beyond what SQL can do.
CREATE TABLE upgrade (
    name TEXT PRIMARY KEY
) STRICT;

-- contact_update counts a contact where it is now; what it had counted at its old account moves with it.
CREATE TRIGGER contact_moved AFTER UPDATE OF account_id ON contact WHEN (OLD.account_id <> NEW.account_id) BEGIN
    UPDATE account SET
        listed = listed - (OLD.removed_at IS NULL),
        invited = invited - (OLD.invited_at IS NOT NULL),
        reachable = reachable - (OLD.completed_at IS NOT NULL OR (OLD.invited_at IS NOT NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)),
        started = started - (OLD.started_at IS NOT NULL),
        completed = completed - (OLD.completed_at IS NOT NULL)
    WHERE id = OLD.account_id;
    UPDATE account SET
        listed = listed + (OLD.removed_at IS NULL),
        invited = invited + (OLD.invited_at IS NOT NULL),
        reachable = reachable + (OLD.completed_at IS NOT NULL OR (OLD.invited_at IS NOT NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)),
        started = started + (OLD.started_at IS NOT NULL),
        completed = completed + (OLD.completed_at IS NOT NULL)
    WHERE id = NEW.account_id;
END;
