-- What the client's own system calls the person, and the columns of the list that are none of ours, as a JSON object.
ALTER TABLE contact ADD COLUMN client_key TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN more TEXT NOT NULL DEFAULT '{}';

-- A list that somebody has uploaded and not applied yet: the file as it came, in parts of Base64, and what was chosen about it.
CREATE TABLE list_upload (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    file_name TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    -- JSON: encoding, sheet, columns.
    choice TEXT NOT NULL
);
CREATE INDEX list_upload_round ON list_upload (round_id, uploaded_at);
CREATE TABLE list_upload_part (
    upload_id TEXT NOT NULL REFERENCES list_upload (id),
    part BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (upload_id, part)
);

-- Which column of a client's lists is which, where somebody has said so.
CREATE TABLE column_choice (
    client TEXT NOT NULL,
    -- The header as columns are compared.
    header_key TEXT NOT NULL,
    -- The name of our column; empty: none of ours.
    field TEXT NOT NULL,
    chosen_by TEXT NOT NULL,
    chosen_at BIGINT NOT NULL,
    PRIMARY KEY (client, header_key)
);

-- Why somebody who was in the round before was left out of this one, where a reason was asked for.
CREATE TABLE dropped_reason (
    round_id TEXT NOT NULL REFERENCES round (id),
    director_key TEXT NOT NULL,
    reason TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (round_id, director_key)
);
