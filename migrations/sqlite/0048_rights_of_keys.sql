-- What a program may do with its key, and of which rounds. Keys that are there read everything, as they did.
ALTER TABLE api_key ADD COLUMN scopes TEXT NOT NULL DEFAULT 'read';
-- Names of rounds with spaces between; empty: of all, or of the client.
ALTER TABLE api_key ADD COLUMN rounds TEXT NOT NULL DEFAULT '';
ALTER TABLE api_key ADD COLUMN client TEXT NOT NULL DEFAULT '';

-- What programs have asked for under a key of their own for that request, so that it is done once, and answered again as it was.
CREATE TABLE api_request (
    key_name TEXT NOT NULL,
    request_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    -- None: it is not answered yet.
    status INTEGER,
    content_type TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (key_name, request_key)
) STRICT;
CREATE INDEX api_request_begun ON api_request (begun_at);
