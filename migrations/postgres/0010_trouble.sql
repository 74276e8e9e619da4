-- Trouble that many share: refusals as they are heard, and the incidents that a run of the same refusal makes.

CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    -- The gateway or domain to which nothing goes; empty: all sending.
    scope TEXT NOT NULL,
    -- What the refusals have in common, without names, addresses, hosts and numbers.
    words TEXT NOT NULL,
    -- One of them as it was said.
    said TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- When one message is tried next, how often one was, and which one is out.
    try_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    probe TEXT REFERENCES message (id),
    -- Mail goes again, whatever is decided about what was concluded.
    lifted_at BIGINT,
    lifted_by TEXT,
    -- What was concluded is decided: 'ours' (undone and tried again), 'theirs' (confirmed), 'joined' (to a wider incident).
    settled_at BIGINT,
    settled_by TEXT,
    outcome TEXT CHECK (outcome IN ('ours', 'theirs', 'joined'))
);
CREATE INDEX incident_unsettled ON incident (at, id) WHERE settled_at IS NULL;
-- One at a time for a place.
CREATE UNIQUE INDEX incident_open ON incident (scope) WHERE lifted_at IS NULL AND settled_at IS NULL;
CREATE INDEX incident_held ON incident (at, id) WHERE lifted_at IS NULL;

CREATE TABLE refusal (
    id TEXT PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES message (id),
    contact_id TEXT REFERENCES contact (id),
    email_key TEXT NOT NULL,
    domain TEXT NOT NULL,
    gateway TEXT NOT NULL,
    words TEXT NOT NULL,
    -- 'sender': refused before a recipient was named; 'us': the words speak of our relay or sender; 'them': of the recipient.
    meant TEXT NOT NULL CHECK (meant IN ('sender', 'us', 'them')),
    -- 1 where the address had taken mail of ours lately.
    known BIGINT NOT NULL,
    -- 1 where the address was taken for dead because of it.
    dead BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- When the message left, for one that came back; otherwise as "at".
    left_at BIGINT NOT NULL,
    incident_id TEXT REFERENCES incident (id)
);
CREATE INDEX refusal_by_time ON refusal (at, id);
CREATE INDEX refusal_free ON refusal (at, id) WHERE incident_id IS NULL;
CREATE INDEX refusal_by_incident ON refusal (incident_id, at, id) WHERE incident_id IS NOT NULL;
CREATE INDEX refusal_by_address ON refusal (email_key) WHERE incident_id IS NOT NULL;
CREATE INDEX refusal_by_contact ON refusal (contact_id) WHERE incident_id IS NOT NULL;
CREATE INDEX refusal_by_message ON refusal (message_id);

-- What was taken lately, whenever it had been due.
CREATE INDEX message_taken ON message (settled_at, id) WHERE state = 'sent';
