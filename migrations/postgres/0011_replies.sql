-- A mail that wants a press before it takes mail is a verdict of its own.
ALTER TABLE reply DROP CONSTRAINT reply_verdict_check;
ALTER TABLE reply ADD CONSTRAINT reply_verdict_check
    CHECK (verdict IN ('dead', 'bounced', 'arrived', 'complaint', 'away', 'left', 'automatic', 'challenge', 'reply', 'unmatched', 'unreadable'));
