-- What a press for many contacts has set of each, so that taking it back leaves alone what somebody else has set since: the message that was
-- held, and when; or when the name was taken off. None in rows of older versions: those are not taken back.
ALTER TABLE bulk_contact ADD COLUMN message_id TEXT;
ALTER TABLE bulk_contact ADD COLUMN set_at BIGINT;
