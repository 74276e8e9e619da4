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
UPDATE message_tally SET messages = messages + COALESCE((SELECT sum(t.messages) FROM message_tally AS t
    WHERE t.lane = message_tally.lane AND t.state IN ('claimed', 'sending')), 0) WHERE state = 'planned';
DELETE FROM message_tally WHERE state IN ('claimed', 'sending');
CREATE OR REPLACE FUNCTION message_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO message_tally (lane, state, messages)
    SELECT lane, state, sum(n) FROM (
        SELECT lane, CASE WHEN state IN ('claimed', 'sending') THEN 'planned' ELSE state END AS state, -1 AS n FROM before
        UNION ALL SELECT lane, CASE WHEN state IN ('claimed', 'sending') THEN 'planned' ELSE state END AS state, 1 AS n FROM changed) AS moved
    GROUP BY lane, state HAVING sum(n) <> 0
    ON CONFLICT (lane, state) DO UPDATE SET messages = message_tally.messages + excluded.messages;
    RETURN NULL;
END
$$;

-- Only a change that is counted is counted: a message that was sent touches its contact, and mostly none of these facts.
DROP TRIGGER contact_update ON contact;
CREATE TRIGGER contact_update AFTER UPDATE OF role, removed_at, invited_at, started_at, completed_at, opted_out_at, undeliverable_at ON contact
FOR EACH ROW WHEN (OLD.role <> NEW.role OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL) OR (OLD.invited_at IS NULL) <> (NEW.invited_at IS NULL)
    OR (OLD.started_at IS NULL) <> (NEW.started_at IS NULL) OR (OLD.completed_at IS NULL) <> (NEW.completed_at IS NULL)
    OR (OLD.opted_out_at IS NULL) <> (NEW.opted_out_at IS NULL) OR (OLD.undeliverable_at IS NULL) <> (NEW.undeliverable_at IS NULL)) EXECUTE FUNCTION contact_update();

-- Who sends from this database. A copy, a restored backup and a failover that lost its last commits are known by it.
CREATE TABLE sender (
    instance TEXT PRIMARY KEY,
    -- The last group of marks that is committed here; the sender's outbound journal counts the same groups.
    marked BIGINT NOT NULL,
    beats BIGINT NOT NULL,
    started_at BIGINT NOT NULL
);

-- What keeps one sender, or all of them, from sending until a person has confirmed it.
CREATE TABLE hold (
    id TEXT PRIMARY KEY,
    -- Empty: all of them.
    instance TEXT NOT NULL,
    why TEXT NOT NULL,
    -- JSON: the messages that it is about.
    messages TEXT NOT NULL,
    at BIGINT NOT NULL,
    lifted_at BIGINT,
    lifted_by TEXT
);
CREATE INDEX hold_in_force ON hold (at) WHERE lifted_at IS NULL;
