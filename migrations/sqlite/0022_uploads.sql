-- What the client's own system calls the person, and the columns of the list that are none of ours, as a JSON object.
ALTER TABLE contact ADD COLUMN client_key TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN more TEXT NOT NULL DEFAULT '{}';
-- No query asks by it.
DROP INDEX contact_by_list_key;
CREATE INDEX contact_by_client_key ON contact (client_key, round_id) WHERE client_key <> '';
-- The client's key and the address of the row name different people.
ALTER TABLE list_question ADD COLUMN keyed INTEGER NOT NULL DEFAULT 0;

-- Two names of accounts that may be one account, or two. Asked in a round, answered for its client.
CREATE TABLE account_question (
    id TEXT PRIMARY KEY,
    client TEXT NOT NULL,
    round_id TEXT NOT NULL REFERENCES round (id),
    -- The account that the list has brought, and the one that may be the same.
    account_id TEXT NOT NULL REFERENCES account (id),
    known_id TEXT NOT NULL REFERENCES account (id),
    -- Both as names are compared.
    listed_key TEXT NOT NULL,
    known_key TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answer TEXT CHECK (answer IN ('same', 'other')),
    answered_at INTEGER,
    answered_by TEXT,
    -- Where the answer has moved people, and whom: JSON of their ids.
    moved_to TEXT REFERENCES account (id),
    moved TEXT NOT NULL DEFAULT '[]',
    UNIQUE (round_id, listed_key, known_key)
) STRICT;
CREATE INDEX account_question_open ON account_question (round_id, asked_at, id) WHERE answer IS NULL;
CREATE INDEX account_question_of_client ON account_question (client, listed_key, known_key);

-- A list that somebody has uploaded and not applied yet: the file as it came, in parts of Base64, and what was chosen about it.
CREATE TABLE list_upload (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    file_name TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    -- JSON: encoding, sheet, columns.
    choice TEXT NOT NULL
) STRICT;
CREATE INDEX list_upload_round ON list_upload (round_id, uploaded_at);
CREATE TABLE list_upload_part (
    upload_id TEXT NOT NULL REFERENCES list_upload (id),
    part INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (upload_id, part)
) STRICT;

-- Which column of a client's lists is which, where somebody has said so.
CREATE TABLE column_choice (
    client TEXT NOT NULL,
    -- The header as columns are compared.
    header_key TEXT NOT NULL,
    -- As it stood in the list.
    header TEXT NOT NULL,
    -- The name of our column; empty: none of ours.
    field TEXT NOT NULL,
    chosen_by TEXT NOT NULL,
    chosen_at INTEGER NOT NULL,
    PRIMARY KEY (client, header_key)
) STRICT;

-- Why somebody who was in the round before was left out of this one, where a reason was asked for.
CREATE TABLE dropped_reason (
    round_id TEXT NOT NULL REFERENCES round (id),
    director_key TEXT NOT NULL,
    reason TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    PRIMARY KEY (round_id, director_key)
) STRICT;
