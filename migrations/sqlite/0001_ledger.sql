-- Instants are milliseconds since 1970 in UTC. Flags are 0 or 1. Ids are UUIDv7 made by the program.
-- migrations/postgres holds the same tables under the same numbers; tests/catalogue.rs compares the two.

CREATE TABLE round (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'closed')),
    spec TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    words TEXT NOT NULL,
    -- Grows with every change that a claim was decided on: text, schedule, state.
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    closed_at INTEGER,
    -- The last instant of the closing day anywhere on earth.
    closes_at INTEGER NOT NULL,
    next_digest_at INTEGER
) STRICT;

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    name TEXT NOT NULL,
    strategic INTEGER NOT NULL,
    annual_revenue INTEGER,
    director_name TEXT NOT NULL,
    director_email TEXT NOT NULL,
    manager_name TEXT NOT NULL,
    manager_email TEXT NOT NULL,
    -- Of the names as they are now; standing says which signatures cover it.
    fingerprint TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('unsigned', 'counter_sign', 'signed')),
    signed_at INTEGER,
    listed INTEGER NOT NULL DEFAULT 0,
    invited INTEGER NOT NULL DEFAULT 0,
    reachable INTEGER NOT NULL DEFAULT 0,
    started INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (round_id, name)
) STRICT;
CREATE INDEX account_by_director ON account (round_id, director_email);
CREATE INDEX account_by_manager ON account (round_id, manager_email);

CREATE TABLE contact (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    line INTEGER NOT NULL,
    email TEXT NOT NULL,
    -- The address in lower case: one mailbox, one contact.
    email_key TEXT NOT NULL,
    -- The address under which the list knows the person, whatever it was corrected to.
    list_key TEXT NOT NULL,
    -- Set when a person changed the row here: a list that is loaded again leaves it alone from then on.
    edited_at INTEGER,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    job_title TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('key_decision_maker', 'influencer', 'operational_contact', 'unknown')),
    language TEXT NOT NULL,
    country TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    findings TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    opt_out_hash TEXT NOT NULL UNIQUE,
    removed_at INTEGER,
    removed_reason TEXT,
    invited_at INTEGER,
    started_at INTEGER,
    completed_at INTEGER,
    opted_out_at INTEGER,
    undeliverable_at INTEGER,
    undeliverable_reason TEXT,
    absent_until INTEGER,
    last_sent_at INTEGER,
    sent_count INTEGER NOT NULL DEFAULT 0,
    -- When the plan must look at this contact next; none when nothing more can come.
    look_at INTEGER,
    -- Why nothing is planned, for people.
    waiting_for TEXT,
    -- Grows with every fact that could stop a message; asked again before the final dot.
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (round_id, email_key)
) STRICT;
CREATE INDEX contact_by_list_key ON contact (round_id, list_key);
CREATE INDEX contact_by_account ON contact (account_id);
CREATE INDEX contact_to_look_at ON contact (round_id, look_at) WHERE look_at IS NOT NULL;
CREATE INDEX contact_by_name ON contact (round_id, last_name, first_name, id);

CREATE TABLE request (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    level TEXT NOT NULL CHECK (level IN ('director', 'sales_director')),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    -- How many mails asked so far, and when the next is due; none when nothing is left to sign.
    asked INTEGER NOT NULL DEFAULT 0,
    asked_at INTEGER,
    next_ask_at INTEGER,
    opened_at INTEGER,
    UNIQUE (round_id, level, email)
) STRICT;
CREATE INDEX request_to_ask ON request (round_id, next_ask_at) WHERE next_ask_at IS NOT NULL;

CREATE TABLE signature (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    level TEXT NOT NULL CHECK (level IN ('director', 'sales_director')),
    fingerprint TEXT NOT NULL,
    names INTEGER NOT NULL,
    signed_by TEXT NOT NULL,
    -- 'link': on the page; 'recorded': given elsewhere and entered by an operator, with the evidence.
    how TEXT NOT NULL CHECK (how IN ('link', 'recorded')),
    came_from TEXT NOT NULL,
    evidence TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX signature_by_account ON signature (account_id, at, id);

CREATE TABLE message (
    id TEXT PRIMARY KEY,
    -- round, recipient, kind, number: a message exists once.
    key TEXT NOT NULL UNIQUE,
    -- The round's id, or 'system' for mail that belongs to no round.
    lane TEXT NOT NULL,
    contact_id TEXT REFERENCES contact (id),
    -- The request, log-in or account manager that the message is about, when not a contact.
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- As planned at first; due_at moves with retries and postponements.
    planned_for INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'claimed', 'sending', 'sent', 'in_doubt', 'held', 'failed', 'withdrawn')),
    attempt INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until INTEGER,
    first_tried_at INTEGER,
    -- The commit before the final dot: when it left, and under which signed list.
    marked_at INTEGER,
    signed_as TEXT,
    -- When it first became unknown whether it arrived. Stays: from then on the person counts as written to.
    doubted_at INTEGER,
    settled_at INTEGER,
    reason TEXT,
    answer TEXT
) STRICT;
CREATE INDEX message_due ON message (lane, due_at, id) WHERE state = 'planned';
CREATE INDEX message_leased ON message (lease_until) WHERE state IN ('claimed', 'sending');
CREATE INDEX message_in_doubt ON message (lane, settled_at) WHERE state = 'in_doubt';
CREATE INDEX message_by_contact ON message (contact_id, due_at, id);
CREATE INDEX message_by_state ON message (lane, state, due_at, id);

CREATE TABLE response (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    contact_id TEXT NOT NULL UNIQUE REFERENCES contact (id),
    language TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    completed_at INTEGER
) STRICT;
CREATE INDEX response_by_round ON response (round_id, completed_at);

CREATE TABLE answer (
    response_id TEXT NOT NULL REFERENCES response (id),
    item TEXT NOT NULL,
    -- JSON
    value TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (response_id, item)
) STRICT;

CREATE TABLE handoff (
    -- The idempotency key: webhook-id.
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    response_id TEXT NOT NULL UNIQUE REFERENCES response (id),
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
CREATE INDEX handoff_due ON handoff (next_at, id) WHERE state = 'pending';
CREATE INDEX handoff_by_round ON handoff (round_id, state, sequence);

CREATE TABLE journal (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    round_id TEXT,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_subject ON journal (subject, at, id);
CREATE INDEX journal_by_round ON journal (round_id, at, id);

CREATE TABLE operator (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE login (
    id TEXT PRIMARY KEY,
    operator_id TEXT NOT NULL REFERENCES operator (id),
    link_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE TABLE session (
    hash TEXT PRIMARY KEY,
    operator_id TEXT NOT NULL REFERENCES operator (id),
    csrf TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

-- Counters, kept by triggers in the transaction that changes what they count.
CREATE TABLE tally (
    round_id TEXT NOT NULL,
    role TEXT NOT NULL,
    listed INTEGER NOT NULL DEFAULT 0,
    invited INTEGER NOT NULL DEFAULT 0,
    reachable INTEGER NOT NULL DEFAULT 0,
    started INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0,
    opted_out INTEGER NOT NULL DEFAULT 0,
    undeliverable INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, role)
) STRICT;

CREATE TABLE account_tally (
    round_id TEXT PRIMARY KEY,
    listed INTEGER NOT NULL DEFAULT 0,
    signed INTEGER NOT NULL DEFAULT 0,
    signed_names INTEGER NOT NULL DEFAULT 0,
    invited INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE message_tally (
    lane TEXT NOT NULL,
    state TEXT NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (lane, state)
) STRICT;

CREATE TABLE handoff_tally (
    round_id TEXT NOT NULL,
    state TEXT NOT NULL,
    responses INTEGER NOT NULL,
    PRIMARY KEY (round_id, state)
) STRICT;
