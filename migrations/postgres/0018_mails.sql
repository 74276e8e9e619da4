-- The board asks in which places a round has contacts, to say from when letters go.
CREATE INDEX contact_places ON contact (round_id, country, region, time_zone) WHERE removed_at IS NULL;

-- The names that a signature covers, so that whoever signs again is told what changed and how it read before.
CREATE TABLE signed_list (
    signature_id TEXT PRIMARY KEY REFERENCES signature (id),
    names TEXT NOT NULL
);
