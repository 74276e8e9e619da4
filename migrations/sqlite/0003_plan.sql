-- The plan: regions with holidays of their own, people who have left, pauses by scope, tasks for people, and the client's word on a plan.

-- As ISO 3166-2 has it after the hyphen; empty when the list does not say.
ALTER TABLE contact ADD COLUMN region TEXT NOT NULL DEFAULT '';
-- Has left the company: nothing more is sent, and a task asks for a successor.
ALTER TABLE contact ADD COLUMN left_at INTEGER;
-- One person in the rounds of several clients.
CREATE INDEX contact_by_address ON contact (email_key);

-- What is stopped, from when until when. Nothing is deleted: a pause that is over keeps its place in the story.
CREATE TABLE pause (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    scope TEXT NOT NULL CHECK (scope IN ('account', 'director', 'country', 'language', 'touch')),
    -- The account's id, the director's address, a country, a language, or a touch: 'reminder', 'reminder-2'.
    value TEXT NOT NULL,
    why TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    -- None: until somebody lifts it.
    until_at INTEGER,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    lifted_at INTEGER,
    lifted_by TEXT
) STRICT;
CREATE INDEX pause_in_force ON pause (round_id, from_at) WHERE lifted_at IS NULL;

-- What a person has to do, found by the program or named by somebody.
CREATE TABLE task (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    contact_id TEXT NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL CHECK (kind IN ('replace')),
    why TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    closed_at INTEGER,
    closed_by TEXT,
    outcome TEXT
) STRICT;
CREATE UNIQUE INDEX task_open ON task (contact_id, kind) WHERE closed_at IS NULL;
CREATE INDEX task_by_round ON task (round_id, opened_at, id);

-- A plan as the client has seen it: sent for approval, approved, and what it said then.
CREATE TABLE approval (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    asked_at INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    -- JSON: the plan as it was shown.
    plan TEXT NOT NULL,
    messages INTEGER NOT NULL,
    approved_at INTEGER,
    -- 'link': on the page; 'recorded': given elsewhere and entered by an operator, with the evidence.
    how TEXT CHECK (how IN ('link', 'recorded')),
    evidence TEXT
) STRICT;
CREATE INDEX approval_by_round ON approval (round_id, asked_at, id);

-- The settings of a round as they were, each from its own instant on: what went is judged by the plan under which it went.
CREATE TABLE plan_history (
    round_id TEXT NOT NULL REFERENCES round (id),
    version INTEGER NOT NULL,
    since INTEGER NOT NULL,
    spec TEXT NOT NULL,
    PRIMARY KEY (round_id, version)
) STRICT;
INSERT INTO plan_history (round_id, version, since, spec) SELECT id, version, created_at, spec FROM round;
