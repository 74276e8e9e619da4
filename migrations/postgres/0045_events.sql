-- What other programs are told as it happens, in the order in which it did (decision 0073).

CREATE TABLE event (
    -- The `webhook-id`.
    id TEXT PRIMARY KEY,
    -- The order in which events are told.
    n BIGINT NOT NULL UNIQUE,
    -- Null: of no round.
    round_id TEXT REFERENCES round (id),
    kind TEXT NOT NULL,
    -- The bytes that are told, at each attempt.
    body TEXT NOT NULL,
    -- Stopped: the receiver wants no more, and nothing is told until a person says so.
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'failed', 'stopped')),
    attempt BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    -- When this series of attempts began: when it happened, or when somebody had it told again.
    began_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    lease_until BIGINT,
    settled_at BIGINT,
    answer TEXT
);
CREATE INDEX event_waiting ON event (n) WHERE state IN ('pending', 'stopped');
CREATE INDEX event_told ON event (settled_at, id) WHERE state = 'confirmed';
CREATE INDEX event_given_up ON event (settled_at, id) WHERE state = 'failed';

-- The targets of which it was told that they are met: of each once, whatever comes after.
CREATE TABLE target_met (
    round_id TEXT NOT NULL REFERENCES round (id),
    level TEXT NOT NULL CHECK (level IN ('individual', 'accounts')),
    -- The share, as the round has it.
    target TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (round_id, level, target)
);

-- That events are not taken is an alarm of its own kind.
ALTER TABLE alarm DROP CONSTRAINT alarm_kind_check;
ALTER TABLE alarm ADD CONSTRAINT alarm_kind_check
    CHECK (kind IN ('damage', 'hold', 'mail_server', 'incident', 'gateway', 'handover', 'events', 'mailbox', 'disk', 'duty'));
