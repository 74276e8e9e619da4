-- By which human step the page was signed: the number of names, or a mailed code. None of what was recorded, and of signatures before.
ALTER TABLE signature ADD COLUMN human_step TEXT CHECK (human_step IN ('count', 'code'));

-- A code that was mailed to whoever signs. Its digits are made with the installation's key and stand in no table.
CREATE TABLE sign_code (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES request (id),
    sent_at BIGINT NOT NULL,
    -- Wrong codes that were typed since.
    wrong BIGINT NOT NULL DEFAULT 0,
    -- The ids of the accounts that waited for a code, as JSON.
    accounts TEXT NOT NULL
);
CREATE INDEX sign_code_by_request ON sign_code (request_id, sent_at);

-- A mail that tells somebody what he has signed, and the signatures that it tells of.
CREATE TABLE receipt (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES request (id),
    due_at BIGINT NOT NULL
);
CREATE INDEX receipt_by_request ON receipt (request_id, due_at);
CREATE TABLE receipt_line (
    signature_id TEXT PRIMARY KEY REFERENCES signature (id),
    receipt_id TEXT NOT NULL REFERENCES receipt (id)
);
CREATE INDEX receipt_line_by_receipt ON receipt_line (receipt_id);
