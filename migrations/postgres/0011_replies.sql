-- What an automatic reply proposes and a person decides: a long absence, a departure to come, another address.

ALTER TABLE reply DROP CONSTRAINT reply_verdict_check;
ALTER TABLE reply ADD CONSTRAINT reply_verdict_check CHECK (verdict IN ('dead', 'bounced', 'arrived', 'complaint', 'away', 'away_long', 'left', 'leaving', 'new_address', 'challenge', 'automatic', 'reply', 'unmatched', 'unreadable'));
-- The last day away that it names, where nobody has believed it yet.
ALTER TABLE reply ADD COLUMN away_until TEXT;
-- The address that it gives as the contact's own.
ALTER TABLE reply ADD COLUMN new_email TEXT;

-- Whose absence leaves no time for anything more in the round.
CREATE INDEX contact_absent ON contact (round_id, id) WHERE waiting_for = 'absent';
