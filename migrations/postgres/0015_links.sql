-- Whose key it is, who may come in, and what has been taken back.

-- One row: a code made with the installation's key. Never the key.
CREATE TABLE key_proof (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    proof TEXT NOT NULL,
    taken_at BIGINT NOT NULL
);

-- Who asked for a link to log in, whether it is an operator or not: looked at after the page has answered.
CREATE TABLE login_request (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    asked_at BIGINT NOT NULL
);
CREATE INDEX login_request_by_age ON login_request (asked_at, id);

-- Only links that go by mail count against the limit of mails.
ALTER TABLE login ADD COLUMN by_mail BIGINT NOT NULL DEFAULT 1;
CREATE INDEX login_by_operator ON login (operator_id, created_at);

-- Network address and browser at the log-in.
ALTER TABLE session ADD COLUMN came_from TEXT NOT NULL DEFAULT '';
CREATE INDEX session_by_operator ON session (operator_id, created_at);

-- The row stays, so that what the journal says of an id can still be read as an address.
ALTER TABLE operator ADD COLUMN removed_at BIGINT;

ALTER TABLE api_key ADD COLUMN used_at BIGINT;
