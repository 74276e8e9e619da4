-- What a message costs on its way from the plan to the answer: every state it passes through touched every index and counter.

-- The console's pages: all messages of a round in the order of time, and those that are over, by state. What is planned has message_due, what is
-- on its way message_leased; so no index but those two changes while a message leaves.
DROP INDEX message_by_state;
CREATE INDEX message_by_time ON message (lane, due_at, id);
-- With the state in it, so that it is the one to be read for what is due, whatever else begins with lane and time.
DROP INDEX message_due;
CREATE INDEX message_due ON message (lane, due_at, id, state) WHERE state = 'planned';
CREATE INDEX message_over ON message (lane, state, due_at, id) WHERE state IN ('sent', 'in_doubt', 'held', 'failed', 'withdrawn');
-- Mails to directors and operators, few beside those to contacts.
CREATE INDEX message_by_subject ON message (lane, subject_id) WHERE contact_id IS NULL;

-- A message on its way counts as planned until it is known what became of it.
DROP TRIGGER message_update;
UPDATE message_tally SET messages = messages + COALESCE((SELECT sum(t.messages) FROM message_tally AS t
    WHERE t.lane = message_tally.lane AND t.state IN ('claimed', 'sending')), 0) WHERE state = 'planned';
DELETE FROM message_tally WHERE state IN ('claimed', 'sending');
CREATE TRIGGER message_update AFTER UPDATE OF state ON message
WHEN (CASE WHEN OLD.state IN ('claimed', 'sending') THEN 'planned' ELSE OLD.state END
    <> CASE WHEN NEW.state IN ('claimed', 'sending') THEN 'planned' ELSE NEW.state END) BEGIN
    UPDATE message_tally SET messages = messages - 1
    WHERE lane = OLD.lane AND state = CASE WHEN OLD.state IN ('claimed', 'sending') THEN 'planned' ELSE OLD.state END;
    INSERT INTO message_tally (lane, state, messages)
    VALUES (NEW.lane, CASE WHEN NEW.state IN ('claimed', 'sending') THEN 'planned' ELSE NEW.state END, 1)
    ON CONFLICT (lane, state) DO UPDATE SET messages = message_tally.messages + 1;
END;

-- Only a change that is counted is counted: a message that was sent touches its contact, and mostly none of these facts.
DROP TRIGGER contact_update;
CREATE TRIGGER contact_update AFTER UPDATE OF role, removed_at, invited_at, started_at, completed_at, opted_out_at, undeliverable_at ON contact
WHEN (OLD.role <> NEW.role OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL) OR (OLD.invited_at IS NULL) <> (NEW.invited_at IS NULL)
    OR (OLD.started_at IS NULL) <> (NEW.started_at IS NULL) OR (OLD.completed_at IS NULL) <> (NEW.completed_at IS NULL)
    OR (OLD.opted_out_at IS NULL) <> (NEW.opted_out_at IS NULL) OR (OLD.undeliverable_at IS NULL) <> (NEW.undeliverable_at IS NULL)) BEGIN
    INSERT INTO tally (round_id, role) VALUES (NEW.round_id, NEW.role) ON CONFLICT DO NOTHING;
    UPDATE tally SET
        listed = listed - (OLD.removed_at IS NULL),
        invited = invited - (OLD.invited_at IS NOT NULL),
        reachable = reachable - (OLD.completed_at IS NOT NULL OR (OLD.invited_at IS NOT NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)),
        started = started - (OLD.started_at IS NOT NULL),
        completed = completed - (OLD.completed_at IS NOT NULL),
        opted_out = opted_out - (OLD.opted_out_at IS NOT NULL),
        undeliverable = undeliverable - (OLD.undeliverable_at IS NOT NULL)
    WHERE round_id = OLD.round_id AND role = OLD.role;
    UPDATE tally SET
        listed = listed + (NEW.removed_at IS NULL),
        invited = invited + (NEW.invited_at IS NOT NULL),
        reachable = reachable + (NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)),
        started = started + (NEW.started_at IS NOT NULL),
        completed = completed + (NEW.completed_at IS NOT NULL),
        opted_out = opted_out + (NEW.opted_out_at IS NOT NULL),
        undeliverable = undeliverable + (NEW.undeliverable_at IS NOT NULL)
    WHERE round_id = NEW.round_id AND role = NEW.role;
    UPDATE account SET
        listed = listed - (OLD.removed_at IS NULL) + (NEW.removed_at IS NULL),
        invited = invited - (OLD.invited_at IS NOT NULL) + (NEW.invited_at IS NOT NULL),
        reachable = reachable - (OLD.completed_at IS NOT NULL OR (OLD.invited_at IS NOT NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)) + (NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)),
        started = started - (OLD.started_at IS NOT NULL) + (NEW.started_at IS NOT NULL),
        completed = completed - (OLD.completed_at IS NOT NULL) + (NEW.completed_at IS NOT NULL)
    WHERE id = NEW.account_id;
END;

-- Who sends from this database. A copy, a restored backup and a failover that lost its last commits are known by it.
CREATE TABLE sender (
    instance TEXT PRIMARY KEY,
    -- The last group of marks that is committed here; the sender's outbound journal counts the same groups.
    marked INTEGER NOT NULL,
    beats INTEGER NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;

-- What keeps one sender, or all of them, from sending until a person has confirmed it.
CREATE TABLE hold (
    id TEXT PRIMARY KEY,
    -- Empty: all of them.
    instance TEXT NOT NULL,
    why TEXT NOT NULL,
    -- JSON: the messages that it is about.
    messages TEXT NOT NULL,
    at INTEGER NOT NULL,
    lifted_at INTEGER,
    lifted_by TEXT
) STRICT;
CREATE INDEX hold_in_force ON hold (at) WHERE lifted_at IS NULL;
