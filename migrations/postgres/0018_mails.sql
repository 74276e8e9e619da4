-- The board asks in which places a round has contacts, to say from when letters go.
CREATE INDEX contact_places ON contact (round_id, country, region, time_zone) WHERE removed_at IS NULL;
