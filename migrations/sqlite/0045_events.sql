-- What other programs are told as it happens, in the order in which it did (decision 0073).

CREATE TABLE event (
    -- The `webhook-id`.
    id TEXT PRIMARY KEY,
    -- The order in which events are told.
    n INTEGER NOT NULL UNIQUE,
    -- Null: of no round.
    round_id TEXT REFERENCES round (id),
    kind TEXT NOT NULL,
    -- The bytes that are told, at each attempt.
    body TEXT NOT NULL,
    -- Stopped: the receiver wants no more, and nothing is told until a person says so.
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'failed', 'stopped')),
    attempt INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    -- When this series of attempts began: when it happened, or when somebody had it told again.
    began_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    settled_at INTEGER,
    answer TEXT
) STRICT;
CREATE INDEX event_waiting ON event (n) WHERE state IN ('pending', 'stopped');
CREATE INDEX event_told ON event (settled_at, id) WHERE state = 'confirmed';
CREATE INDEX event_given_up ON event (settled_at, id) WHERE state = 'failed';

-- The targets of which it was told that they are met: of each once, whatever comes after.
CREATE TABLE target_met (
    round_id TEXT NOT NULL REFERENCES round (id),
    level TEXT NOT NULL CHECK (level IN ('individual', 'accounts')),
    -- The share, as the round has it.
    target TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (round_id, level, target)
) STRICT;

-- That events are not taken is an alarm of its own kind.
CREATE TABLE alarm_rebuilt (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('damage', 'hold', 'mail_server', 'incident', 'gateway', 'handover', 'events', 'mailbox', 'disk', 'duty')),
    -- Which gateway, incident, disk or duty; empty where there is one only.
    about TEXT NOT NULL,
    -- The sender whose program sees it; empty: it stands in the database, and all see it.
    instance TEXT NOT NULL,
    what TEXT NOT NULL,
    advice TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    -- Since when it is right again, as far as can be seen.
    gone_at INTEGER,
    -- Null: nobody was told.
    raised_at INTEGER,
    ended_at INTEGER
) STRICT;
INSERT INTO alarm_rebuilt (id, kind, about, instance, what, advice, since, seen_at, gone_at, raised_at, ended_at)
    SELECT id, kind, about, instance, what, advice, since, seen_at, gone_at, raised_at, ended_at FROM alarm;
CREATE TABLE alarm_call_rebuilt (
    id TEXT PRIMARY KEY,
    alarm_id TEXT NOT NULL REFERENCES alarm_rebuilt (id),
    event TEXT NOT NULL CHECK (event IN ('raised', 'ended')),
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'failed')),
    attempt INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    settled_at INTEGER,
    answer TEXT,
    UNIQUE (alarm_id, event)
) STRICT;
INSERT INTO alarm_call_rebuilt (id, alarm_id, event, body, state, attempt, created_at, next_at, lease_until, settled_at, answer)
    SELECT id, alarm_id, event, body, state, attempt, created_at, next_at, lease_until, settled_at, answer FROM alarm_call;
DROP TABLE alarm_call;
DROP TABLE alarm;
ALTER TABLE alarm_rebuilt RENAME TO alarm;
ALTER TABLE alarm_call_rebuilt RENAME TO alarm_call;
CREATE UNIQUE INDEX alarm_open ON alarm (kind, about, instance) WHERE ended_at IS NULL;
CREATE INDEX alarm_of_one_thing ON alarm (kind, about, instance, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX alarm_ended ON alarm (ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX alarm_call_due ON alarm_call (next_at, id) WHERE state = 'pending';
