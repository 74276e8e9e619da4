-- What an address has said to a client for good, links that were for an address that was corrected since, and the questionnaire under which
-- a response was begun.

-- The client's name as it is compared: in lower case, spaces as one.
ALTER TABLE round ADD COLUMN client_key TEXT NOT NULL DEFAULT '';
UPDATE round SET client_key = lower(trim(client));

-- Kept across rounds, asked at every planning and every claim. A row ends by a new consent, or where a departure was a mistake; it is never deleted.
CREATE TABLE objection (
    id TEXT PRIMARY KEY,
    -- round.client_key
    client TEXT NOT NULL,
    email_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('never_again', 'complaint', 'left')),
    since INTEGER NOT NULL,
    -- Where it was said.
    round_id TEXT REFERENCES round (id),
    contact_id TEXT REFERENCES contact (id),
    recorded_by TEXT NOT NULL,
    evidence TEXT NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    ended_because TEXT
) STRICT;
CREATE UNIQUE INDEX objection_in_force ON objection (client, email_key, kind) WHERE ended_at IS NULL;
CREATE INDEX objection_by_client ON objection (client, since, id);

-- What was known so far. The page of then said "Do not write to me about this again". Dated not before the last message that left, so that
-- what went before this version knew better is no breach of it.
INSERT INTO objection (id, client, email_key, kind, since, round_id, contact_id, recorded_by, evidence)
    SELECT 'never_again/' || c.id, r.client_key, c.email_key, 'never_again',
        max(c.opted_out_at, COALESCE((SELECT max(m.marked_at) FROM contact o JOIN message m ON m.contact_id = o.id WHERE o.email_key = c.email_key), 0)),
        c.round_id, c.id, c.email, 'Opted out before two lengths were offered: "Do not write to me about this again".'
    FROM contact c JOIN round r ON r.id = c.round_id
    WHERE c.opted_out_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contact p JOIN round q ON q.id = p.round_id
        WHERE p.email_key = c.email_key AND q.client_key = r.client_key AND p.opted_out_at IS NOT NULL AND p.id < c.id);
INSERT INTO objection (id, client, email_key, kind, since, round_id, contact_id, recorded_by, evidence)
    SELECT 'complaint/' || c.id, r.client_key, c.email_key, 'complaint',
        max(a.complained_at, COALESCE((SELECT max(m.marked_at) FROM contact o JOIN message m ON m.contact_id = o.id WHERE o.email_key = c.email_key), 0)),
        c.round_id, c.id, c.email, 'Called a mail of ours unwanted.'
    FROM address a JOIN contact c ON c.email_key = a.email_key JOIN round r ON r.id = c.round_id
    WHERE a.complained_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contact p JOIN round q ON q.id = p.round_id
        WHERE p.email_key = c.email_key AND q.client_key = r.client_key AND p.id < c.id);
INSERT INTO objection (id, client, email_key, kind, since, round_id, contact_id, recorded_by, evidence)
    SELECT 'left/' || c.id, r.client_key, c.email_key, 'left', c.left_at, c.round_id, c.id, 'soundings', 'Has left the company, as was learned in an earlier round.'
    FROM contact c JOIN round r ON r.id = c.round_id
    WHERE c.left_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contact p JOIN round q ON q.id = p.round_id
        WHERE p.email_key = c.email_key AND q.client_key = r.client_key AND p.left_at IS NOT NULL AND p.id < c.id);

-- How often a contact got new links: they are made from it.
ALTER TABLE contact ADD COLUMN links INTEGER NOT NULL DEFAULT 0;

-- Links of a contact that were for another address. They open no answers, and stop mail to that address only.
CREATE TABLE former_link (
    id TEXT PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contact (id),
    email TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    opt_out_hash TEXT NOT NULL UNIQUE,
    -- 1: somebody has said that both addresses are the same person's.
    same_person INTEGER NOT NULL,
    replaced_at INTEGER NOT NULL,
    replaced_by TEXT NOT NULL
) STRICT;
CREATE INDEX former_link_by_contact ON former_link (contact_id, replaced_at, id);

-- Questionnaires under which responses were begun, each once.
CREATE TABLE questionnaire (
    -- SHA-256 of the content; the round's id for what was there before it was kept.
    id TEXT PRIMARY KEY,
    content TEXT NOT NULL
) STRICT;
INSERT INTO questionnaire (id, content) SELECT id, questionnaire FROM round;

-- A contact has one response that counts; one that was begun under an address that was corrected since is set aside, and kept.
CREATE TABLE response_rebuilt (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    contact_id TEXT NOT NULL REFERENCES contact (id),
    language TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    completed_at INTEGER,
    questionnaire TEXT NOT NULL REFERENCES questionnaire (id),
    set_aside_at INTEGER,
    set_aside_by TEXT,
    -- The address that it was answered under.
    set_aside_email TEXT
) STRICT;
CREATE TABLE answer_rebuilt (
    response_id TEXT NOT NULL REFERENCES response_rebuilt (id),
    item TEXT NOT NULL,
    -- JSON
    value TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (response_id, item)
) STRICT;
CREATE TABLE handoff_rebuilt (
    -- The idempotency key: webhook-id.
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    response_id TEXT NOT NULL UNIQUE REFERENCES response_rebuilt (id),
    sequence INTEGER NOT NULL,
    -- Handed over byte for byte the same on every try.
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'failed', 'stopped')),
    attempt INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    settled_at INTEGER,
    answer TEXT,
    UNIQUE (round_id, sequence)
) STRICT;
INSERT INTO response_rebuilt (id, round_id, contact_id, language, started_at, completed_at, questionnaire)
    SELECT id, round_id, contact_id, language, started_at, completed_at, round_id FROM response;
INSERT INTO answer_rebuilt (response_id, item, value, saved_at) SELECT response_id, item, value, saved_at FROM answer;
INSERT INTO handoff_rebuilt (id, round_id, response_id, sequence, body, state, attempt, created_at, next_at, lease_until, settled_at, answer)
    SELECT id, round_id, response_id, sequence, body, state, attempt, created_at, next_at, lease_until, settled_at, answer FROM handoff;
DROP TABLE answer;
DROP TABLE handoff;
DROP TABLE response;
ALTER TABLE response_rebuilt RENAME TO response;
ALTER TABLE answer_rebuilt RENAME TO answer;
ALTER TABLE handoff_rebuilt RENAME TO handoff;
CREATE INDEX response_by_round ON response (round_id, completed_at);
CREATE UNIQUE INDEX response_that_counts ON response (contact_id) WHERE set_aside_at IS NULL;
CREATE INDEX handoff_due ON handoff (next_at, id) WHERE state = 'pending';
CREATE INDEX handoff_by_round ON handoff (round_id, state, sequence);
CREATE TRIGGER handoff_insert AFTER INSERT ON handoff BEGIN
    INSERT INTO handoff_tally (round_id, state, responses) VALUES (NEW.round_id, NEW.state, 1)
    ON CONFLICT (round_id, state) DO UPDATE SET responses = handoff_tally.responses + 1;
END;
CREATE TRIGGER handoff_update AFTER UPDATE OF state ON handoff WHEN (OLD.state <> NEW.state) BEGIN
    UPDATE handoff_tally SET responses = responses - 1 WHERE round_id = OLD.round_id AND state = OLD.state;
    INSERT INTO handoff_tally (round_id, state, responses) VALUES (NEW.round_id, NEW.state, 1)
    ON CONFLICT (round_id, state) DO UPDATE SET responses = handoff_tally.responses + 1;
END;
