-- Instants are milliseconds since 1970 in UTC. Flags are 0 or 1. Ids are UUIDv7 made by the program.
-- migrations/sqlite holds the same tables under the same numbers; tests/catalogue.rs compares the two.

-- SQLite has it built in: with it, one statement takes many rows as JSON on both databases.
CREATE FUNCTION json_each(items TEXT) RETURNS TABLE (value JSONB) LANGUAGE sql IMMUTABLE
    AS $$ SELECT jsonb_array_elements(CAST(items AS JSONB)) $$;

CREATE TABLE round (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'closed')),
    spec TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    words TEXT NOT NULL,
    -- Grows with every change that a claim was decided on: text, schedule, state.
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    closed_at BIGINT,
    -- The last instant of the closing day anywhere on earth.
    closes_at BIGINT NOT NULL,
    next_digest_at BIGINT
);

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    name TEXT NOT NULL,
    strategic BIGINT NOT NULL,
    annual_revenue BIGINT,
    director_name TEXT NOT NULL,
    director_email TEXT NOT NULL,
    manager_name TEXT NOT NULL,
    manager_email TEXT NOT NULL,
    -- Of the names as they are now; standing says which signatures cover it.
    fingerprint TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('unsigned', 'counter_sign', 'signed')),
    signed_at BIGINT,
    listed BIGINT NOT NULL DEFAULT 0,
    invited BIGINT NOT NULL DEFAULT 0,
    reachable BIGINT NOT NULL DEFAULT 0,
    started BIGINT NOT NULL DEFAULT 0,
    completed BIGINT NOT NULL DEFAULT 0,
    UNIQUE (round_id, name)
);
CREATE INDEX account_by_director ON account (round_id, director_email);
CREATE INDEX account_by_manager ON account (round_id, manager_email);

CREATE TABLE contact (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    line BIGINT NOT NULL,
    email TEXT NOT NULL,
    -- The address in lower case: one mailbox, one contact.
    email_key TEXT NOT NULL,
    -- The address under which the list knows the person, whatever it was corrected to.
    list_key TEXT NOT NULL,
    -- Set when a person changed the row here: a list that is loaded again leaves it alone from then on.
    edited_at BIGINT,
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
    removed_at BIGINT,
    removed_reason TEXT,
    invited_at BIGINT,
    started_at BIGINT,
    completed_at BIGINT,
    opted_out_at BIGINT,
    undeliverable_at BIGINT,
    undeliverable_reason TEXT,
    absent_until BIGINT,
    last_sent_at BIGINT,
    sent_count BIGINT NOT NULL DEFAULT 0,
    -- When the plan must look at this contact next; none when nothing more can come.
    look_at BIGINT,
    -- Why nothing is planned, for people.
    waiting_for TEXT,
    -- Grows with every fact that could stop a message; asked again before the final dot.
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (round_id, email_key)
);
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
    created_at BIGINT NOT NULL,
    -- How many mails asked so far, and when the next is due; none when nothing is left to sign.
    asked BIGINT NOT NULL DEFAULT 0,
    asked_at BIGINT,
    next_ask_at BIGINT,
    opened_at BIGINT,
    UNIQUE (round_id, level, email)
);
CREATE INDEX request_to_ask ON request (round_id, next_ask_at) WHERE next_ask_at IS NOT NULL;

CREATE TABLE signature (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    level TEXT NOT NULL CHECK (level IN ('director', 'sales_director')),
    fingerprint TEXT NOT NULL,
    names BIGINT NOT NULL,
    signed_by TEXT NOT NULL,
    -- 'link': on the page; 'recorded': given elsewhere and entered by an operator, with the evidence.
    how TEXT NOT NULL CHECK (how IN ('link', 'recorded')),
    came_from TEXT NOT NULL,
    evidence TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    at BIGINT NOT NULL
);
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
    number BIGINT NOT NULL,
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- As planned at first; due_at moves with retries and postponements.
    planned_for BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'claimed', 'sending', 'sent', 'in_doubt', 'held', 'failed', 'withdrawn')),
    attempt BIGINT NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until BIGINT,
    first_tried_at BIGINT,
    -- The commit before the final dot: when it left, and under which signed list.
    marked_at BIGINT,
    signed_as TEXT,
    -- When it first became unknown whether it arrived. Stays: from then on the person counts as written to.
    doubted_at BIGINT,
    settled_at BIGINT,
    reason TEXT,
    answer TEXT
);
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
    started_at BIGINT NOT NULL,
    completed_at BIGINT
);
CREATE INDEX response_by_round ON response (round_id, completed_at);

CREATE TABLE answer (
    response_id TEXT NOT NULL REFERENCES response (id),
    item TEXT NOT NULL,
    -- JSON
    value TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (response_id, item)
);

CREATE TABLE handoff (
    -- The idempotency key: webhook-id.
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    response_id TEXT NOT NULL UNIQUE REFERENCES response (id),
    sequence BIGINT NOT NULL,
    -- Handed over byte for byte the same on every try.
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'failed', 'stopped')),
    attempt BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    lease_until BIGINT,
    settled_at BIGINT,
    answer TEXT,
    UNIQUE (round_id, sequence)
);
CREATE INDEX handoff_due ON handoff (next_at, id) WHERE state = 'pending';
CREATE INDEX handoff_by_round ON handoff (round_id, state, sequence);

CREATE TABLE journal (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    round_id TEXT,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX journal_by_subject ON journal (subject, at, id);
CREATE INDEX journal_by_round ON journal (round_id, at, id);

CREATE TABLE operator (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE login (
    id TEXT PRIMARY KEY,
    operator_id TEXT NOT NULL REFERENCES operator (id),
    link_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE session (
    hash TEXT PRIMARY KEY,
    operator_id TEXT NOT NULL REFERENCES operator (id),
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- Counters, kept by triggers in the transaction that changes what they count.
CREATE TABLE tally (
    round_id TEXT NOT NULL,
    role TEXT NOT NULL,
    listed BIGINT NOT NULL DEFAULT 0,
    invited BIGINT NOT NULL DEFAULT 0,
    reachable BIGINT NOT NULL DEFAULT 0,
    started BIGINT NOT NULL DEFAULT 0,
    completed BIGINT NOT NULL DEFAULT 0,
    opted_out BIGINT NOT NULL DEFAULT 0,
    undeliverable BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, role)
);

CREATE TABLE account_tally (
    round_id TEXT PRIMARY KEY,
    listed BIGINT NOT NULL DEFAULT 0,
    signed BIGINT NOT NULL DEFAULT 0,
    signed_names BIGINT NOT NULL DEFAULT 0,
    invited BIGINT NOT NULL DEFAULT 0,
    completed BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE message_tally (
    lane TEXT NOT NULL,
    state TEXT NOT NULL,
    messages BIGINT NOT NULL,
    PRIMARY KEY (lane, state)
);

CREATE TABLE handoff_tally (
    round_id TEXT NOT NULL,
    state TEXT NOT NULL,
    responses BIGINT NOT NULL,
    PRIMARY KEY (round_id, state)
);
