-- What is wrong for too long: noticed, told to operators once, and told once that it is over (decision 0063).

CREATE TABLE alarm (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('damage', 'hold', 'mail_server', 'incident', 'gateway', 'handover', 'mailbox', 'disk', 'duty')),
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
-- One thing is one alarm at a time, whoever sees it first.
CREATE UNIQUE INDEX alarm_open ON alarm (kind, about, instance) WHERE ended_at IS NULL;
CREATE INDEX alarm_of_one_thing ON alarm (kind, about, instance, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX alarm_ended ON alarm (ended_at, id) WHERE ended_at IS NOT NULL;

-- What a webhook is told of each: the same bytes under the same id, until it is taken.
CREATE TABLE alarm_call (
    id TEXT PRIMARY KEY,
    alarm_id TEXT NOT NULL REFERENCES alarm (id),
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
CREATE INDEX alarm_call_due ON alarm_call (next_at, id) WHERE state = 'pending';

-- Whether responses are not taken is asked every minute.
CREATE INDEX handoff_waiting ON handoff (created_at, id) WHERE state = 'pending';
CREATE INDEX handoff_given_up ON handoff (created_at, id) WHERE state IN ('failed', 'stopped');
